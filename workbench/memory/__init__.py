"""What a run will need: arithmetic, no torch."""
