"""The visible words about this machine: what it has, and which models fit into it."""

THIS_MACHINE = "This machine"
THIS_MACHINE_HELP = (
    "What it has of what the workbench uses, and what would make it better. The report names no folder and no person, "
    "so that you can copy it for somebody who helps."
)
LOOK, LOOKING = "Look at this machine", "Looking: a few seconds"
ASK_NETWORK, ASKING = "Check the network", "Asking the hub: {} s"
MEASURE, MEASURING = "Measure how fast it is", "Measuring, about a minute: {} s"
CANCEL = "Cancel"
COPY = "Copy report"

WHAT_FITS = "What fits here"
WHAT_FITS_HELP = (
    "Well-known sizes of models, and the memory that they take on this machine: to tune them, one example of {} tokens "
    "at a time, and to ask them, looking back at {} tokens. In GB, by the same arithmetic as the plan of a run."
)
FREE_NOW = "{} GB are free now, of {}. "
LARGEST = "The largest that can be tuned: {}."
LARGEST_OF_WAY = "{} with {}"
NONE_FITS = "None of these can be tuned with what is free now."
MODEL, TO_TUNE, TO_ASK = "Model", "To tune", "To ask"
DOWNLOAD = "{} GB to download"
MARKS = {"fits": "● fits", "tight": "◐ tight", "not now": "◌ not now", "will not fit": "○ will not fit"}
MEANINGS = "Tight: more than four fifths of what is free. Not now: it would fit, if nothing else took memory."
PLOT = "Memory to tune a model, by its size"
PLOT_TOTAL, PLOT_FREE = "this machine: {} GB", "free now: {} GB"
PARAMETERS_AXIS = "parameters"
RULES = "Rules of thumb, beside our figures"
RULES_HELP = "What people quote, worked out for {}, and what it takes here."
RULE_COLUMNS = ("The rule", "It says", "Here", "Why they differ")
SOURCE = "Source: {}"
