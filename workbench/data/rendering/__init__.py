"""Examples to tokens: written with a chat template, with the tokens to learn marked."""
