"""Evaluations of what runs made: an answer sheet, scores, and what was forgotten, each a job of its own."""
