"""The words of the plan beside the form."""

TRAINS = "trains"
MEMORY = "memory"
TIME = "time"
UPDATES = "updates"
EXAMPLES = "examples"
RESULT_SIZE = "result"
AUTOS = "What “auto” became"

VERDICTS = {"fits": ("✓", "fits"), "tight": ("▲", "tight"), "will not fit": ("✕", "will not fit")}
"""A shape and words, so that a verdict does not hang on its colour."""

OF_FREE = "{needed} of {free} GB free"
IN_ALL = "{total} GB in all"
TERMS_FOLD = "What it goes to"
TERM = "{label}: {amount}, {meaning}"
USED_BY_OTHERS = "taken by other programs: {}"
FREE_MARK = "free: {}"
BAR = "Memory: {needed} GB needed, {free} GB free, {total} GB in all: {verdict}."
WHILE_LOADING = "Most is needed while the model is loaded."

CHAT_HOLDS = "Chat holds {} GB. Its next question loads the model again."
CLOSE_CHAT = "Close the chat model"
CLOSES_CHAT = "Starting closes Chat (frees {} GB). The conversation stays; its next question loads the model again."

WILL_NOT_FIT = "This needs {needed} GB and {free} GB are free. It will probably be ended by the system."
START_ANYWAY = "Start anyway"
