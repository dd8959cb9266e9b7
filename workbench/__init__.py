"""Tune language models on your own examples, on an ordinary computer.

The import order, held by `tests/test_layers.py`: each floor may use what stands right of it,
never its own neighbours nor what stands left.

    cli > server > ui > training, chat, export > memory, monitoring > engine, methods > data > models > runs > jobs
        > config, hardware, hub > errors
"""

__version__ = "0.1.0"
