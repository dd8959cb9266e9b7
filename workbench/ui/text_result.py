"""The visible words of a run's result and of the advice on it."""

from workbench.monitoring.advice import Complaint

COMPLAINTS: dict[Complaint, str] = {
    "no_change": "It answers as before",
    "copies": "It copies my examples",
    "nonsense": "It talks nonsense, or never stops",
    "forgot": "It forgot other things",
    "wrong_facts": "The tone is right, the facts are wrong",
}
CHANGED_SINCE = "As in {run}, but for {change}. "
WITH_LESS = "As in {run}, with less memory: {sentence} "
NOT_SHORT = "{} did not run out of memory."
NO_LESS = "The page asked for a change that does not exist."
BEGINS_ANEW = "It begins a new adapter. "
TRAINED_FURTHER = "The settings of {run}, to train it further. "
NOT_TRAINED = "{} was not trained here, so there is nothing to tell of how it learned."
TRAIN_IT_FURTHER = "Train it further here instead."
NO_RESULT = "{} has no result to improve on yet."
WAIT_FOR_RESULT = "Wait until the run has ended."
NO_COMPLAINT = "The page asked for advice that does not exist."
NO_CHANGE = "This advice is about your data, not about a setting."
RELOAD = "Reload the page."
EDIT_DATA = "Add rows to your data in the Data tab."
