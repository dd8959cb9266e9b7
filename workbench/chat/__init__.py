"""Talking to a model and its adapters, which live in a process of their own."""
