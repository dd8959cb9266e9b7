"""The words of the Chat tab."""

PARTS = {"talk": "Talk", "blend": "Blend", "check": "Check", "share": "Share"}

EMPTY = "Nothing to talk to yet. Train something first; its result then answers here, beside the original."
RUN = "Tuned model"
RUN_HELP = "The result of a run. The model it started from answers beside it."
PRESET = "How it answers"
PRESET_HELP = "Exact uses no chance at all, so that the two can be compared."
PRESETS = {"exact": "Exact", "balanced": "Balanced", "lively": "Lively"}
MORE = "System prompt and sampling"
SYSTEM = "System prompt"
SYSTEM_HELP = "Tells both models who they are. Usually empty."
PROMPT = "Your question"
PLACEHOLDER = "Ask both"
TRY = "Try"
LOADING = "Loading the model."
WRITING = "Writing."
SILENT = "It gave no answer: it ended its turn at once."
FULL = "The conversation is longer than this model can read. Press Clear."
CUT = "Cut at the longest answer set."
STOPPED = "Stopped."
SPEED = "{tokens} tokens · {rate:.0f} tokens/s · {first:.1f} s to the first."
