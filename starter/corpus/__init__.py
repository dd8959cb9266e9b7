"""A seeded synthetic corpus: word lists and templates that the project wrote itself, no text from anywhere else."""
