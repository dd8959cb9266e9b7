"""Blending: a new adapter out of several of one model, each with a weight, which then stands among the runs."""
