"""The standard path of the chat: a network of transformers, and results of any method beside it."""
