"""A tokenizer as a GGUF file tells it: its tokens, how texts are split, and which tokens mean something."""
