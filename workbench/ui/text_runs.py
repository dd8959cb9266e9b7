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
EMPTY = "Delete checkpoints"
EMPTY_SIZE = "Delete checkpoints ({})"
ASK_EMPTY = "{size} of checkpoints will be deleted for good. {stays} The run can then not be resumed."
ADAPTER_STAYS = "The adapter stays."
NOTHING_STAYS = "There is no adapter yet, so nothing is left of what it learned."
SURE = "Delete them"
CANCEL = "Cancel"
NO_CHECKPOINTS = "{} has no checkpoints."
NOTHING_TO_DELETE = "There is nothing to delete."
EMPTIED = "The checkpoints of {} were deleted, so it cannot be resumed."
START_ANEW = "Start a new run with its settings instead."

NO_QUESTION = "The page asked for something that does not exist."
RELOAD = "Reload the page."
