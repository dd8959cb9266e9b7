"""The words of the Chat tab that are not in its views."""

PARTS = {"talk": "Talk", "blend": "Blend", "check": "Check", "share": "Share"}

PRESETS = {"exact": "Exact", "balanced": "Balanced", "lively": "Lively"}
UNREADABLE = "its settings cannot be read"
MODEL_GONE = "its model {} is not here"
OTHER_MODEL = "tuned on {}"

A_FILE = "GGUF"
ON_FILE = "GGUF, on {}"
NO_FILES = "There are no GGUF files in this workspace yet."
HOW_FILES_COME = "Export a run as GGUF, or put files into the folder models of the workspace."

NO_CONVERSATION = "This is no conversation that the workbench can go on with."
RELOAD = "Load the page anew, then ask again."
TOO_LONG = "This conversation is longer than the page can send."
CLEAR_FIRST = "Press Clear, then ask again."
TOO_MANY = "{} were asked to answer, and {} are the most."
REMOVE_ONE = "Remove one of them."
NO_SUCH_STRENGTH = "There is no strength of {}."
STRENGTHS = "It goes from 0 to 150 %."
MEMORY_FREED = "The model is closed, which frees {} GB. The next question loads it again."
NO_MEMORY_HELD = "No model is loaded."
