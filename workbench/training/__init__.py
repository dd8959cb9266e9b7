"""The run itself: planned and started from anywhere, carried out in a process of its own."""
