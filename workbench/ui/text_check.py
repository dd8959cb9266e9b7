"""The words of the Check view that come from the server; those of its parts stand with the scripts that draw them."""

PARTS = {
    "held_out": "Examples it never learned from (held-out)",
    "training": "Examples it learned from",
    "data": "Examples of the set",
}
SCORES = {
    "loss": "Loss",
    "perplexity": "Perplexity",
    "exact": "Exact match, %",
    "rouge_l": "ROUGE-L, 0–100",
    "chrf": "chrF, 0–100",
}
TEXTS = {"general": "English", "languages": "German, French, Spanish", "own": "Your text"}
PHASES = {
    "finished": "done",
    "stopped": "cancelled",
    "failed": "failed",
    "interrupted": "interrupted",
    "queued": "waiting",
}
UNDER_WAY = "under way"

CHAT_PUT_AWAY = "The chat's model is put away while this runs."
UP_TO = "At most; how many examples the set has is known once it is read."
NO_RUN = "There is no run to check."
CHOOSE_RUN = "Choose one that has a result."
NOT_LISTED = "“{}” is not in the list of sets."
CHOOSE_SET = "Choose a set from the list."
BAD_WISH = "This is no check that can be begun."
RELOAD = "Load the page anew, then try again."
MARKED = "{good} good, {bad} bad of {all}"
EARLIER = "{date} · {phase} · {answers} answers"
