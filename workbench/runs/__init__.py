"""The folder of a run: everything true about it. No torch."""
