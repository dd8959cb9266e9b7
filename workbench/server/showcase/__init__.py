"""The showcase: a read-only page for an audience, on a port of its own. It knows one run, and nothing else."""
