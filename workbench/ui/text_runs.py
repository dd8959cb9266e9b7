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

RESUME = "Resume"
USE_SETTINGS = "Use these settings"
OPEN_CHAT = "Open in Chat"
RENAME = "Rename"
NEW_NAME = "New name"
NO_NAME = "A run needs a name."
NAME_RUN = "Type one, at most 80 characters long."
NO_ADAPTER = "{} has no result to talk to yet."
WAIT_FOR_ADAPTER = "It is there when the run has ended."

NO_QUESTION = "The page asked for something that does not exist."
RELOAD = "Reload the page."
