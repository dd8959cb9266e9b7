"""Choosing a model: what is said of one, and the ways to another: download, found here, copied here."""
