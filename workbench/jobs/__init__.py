"""A background process: its folder, its keeper, its turn. No torch."""
