"""Other programs' views of a run, fed from its folder by a process of its own. Training knows nothing of them."""
