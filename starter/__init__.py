"""The starter model: its corpus, its tokenizer, its training and its examination.

`python -m starter.build --out presets/model` makes all of it from one seed, on a CPU.
"""
