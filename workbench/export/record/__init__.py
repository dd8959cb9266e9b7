"""The truthful record of what a run changed, which goes with every export."""
