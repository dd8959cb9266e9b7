"""The words of the Blend view that Python says."""

RANK = "rank {}"
RANKS = "ranks {} to {}"
MADE_OF = "The blend will have {} on {}."
NO_BLEND = "The page asked for a blend that cannot be."
RELOAD = "Reload the page, then ask again."
NAME_TOO_LONG = "This name is longer than {} characters."
SHORTEN = "Take a shorter one."
