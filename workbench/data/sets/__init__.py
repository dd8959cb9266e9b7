"""Which datasets there are, and how a new one or a new version comes to be."""
