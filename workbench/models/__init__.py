"""What a model is, where it lies, how it is loaded, how it answers."""
