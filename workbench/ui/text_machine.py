"""The visible words about this machine and what it has."""

THIS_MACHINE = "This machine"
THIS_MACHINE_HELP = (
    "What it has of what the workbench uses, and what would make it better. The report names no folder and no person, "
    "so that you can copy it for somebody who helps."
)
LOOK, LOOKING = "Look at this machine", "Looking: a few seconds"
ASK_NETWORK, ASKING = "Check the network", "Asking the hub: {} s"
CANCEL = "Cancel"
COPY = "Copy report"
