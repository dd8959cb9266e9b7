"""The kinds of models that a GGUF file can be written of: a small file for each. No torch, no gguf."""
