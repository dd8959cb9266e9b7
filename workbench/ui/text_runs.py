"""The visible words of the Runs tab that Python says."""

PHASES = {
    "created": "not started",
    "queued": "waiting",
    "preparing": "preparing",
    "training": "training",
    "saving": "saving",
    "paused": "paused",
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "interrupted": "interrupted",
}

ORIGINS = {"imported": "imported", "blended": "blended"}
"""Said instead of the phase of a run that was not trained here."""

IMPORT_FOLD = "Import an adapter"
IMPORT_HELP = (
    "An adapter that was made elsewhere: its two files (adapter_config.json and adapter_model.safetensors), or a zip "
    "file of them. All of it is checked before anything is loaded; then it is listed as a run is."
)
IMPORT_FILES = "Files of the adapter"
IMPORT_MODEL = "The model it was made for"
IMPORT_NAME = "Name"
IMPORT_NAME_EXAMPLE = "as its file"
IMPORT = "Import"
IMPORTED_IT = "“{}” is imported."
NO_SUCH_MODEL = "“{}” is not in the list of models."
CHOOSE_FROM_LIST = "Choose one from the list."
NO_ADAPTER_FILES = "No files are chosen."
CHOOSE_ADAPTER_FILES = "Choose the two files of an adapter, or a zip file of them."

PLACE = "waiting, {place} of {count}"
NEXT = "waiting, next"
IN_LINE = "{} in line"
NEXT_IN_LINE = "Next in line"
AFTER = "after {}"
START_WAITS = "Start: waits for {}"
AND_MORE = "and {} more"

RESUME = "Resume"
USE_SETTINGS = "Use these settings"
OPEN_CHAT = "Open in Chat"
TAKE_HOME = "Take home"
RENAME = "Rename"
NEW_NAME = "New name"
NO_NAME = "A run needs a name."
NAME_RUN = "Type one, at most 80 characters long."
NO_ADAPTER = "{} has no result to talk to yet."
WAIT_FOR_ADAPTER = "It is there when the run has ended."

NOTE = "Note"
NOTE_EXAMPLE = "A note to yourself"
KEEP_NOTE = "Keep note"
DELETE = "Delete run"
VOTES = "Voted better in Chat: {}."
ONE_TALK = "1 saved conversation."
TALKS = "{} saved conversations."
EMPTY = "Delete checkpoints ({})"
REFILL = "Bring checkpoints back ({}, kept for a week)"
DOWNLOAD = "Download {kept}"

TRACKED = "{}: {} of {} updates are sent; it goes on until the run ends."
ELSEWHERE = "It went to where {} says."
NO_TRACKER = "No other program is installed that could show a run. One way to get one:"

NO_QUESTION = "The page asked for something that does not exist."
RELOAD = "Reload the page."
