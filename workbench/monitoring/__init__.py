"""What a run is doing, and what came of it. No torch."""
