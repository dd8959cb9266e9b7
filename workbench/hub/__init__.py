"""The hub that models and data come from: what can be asked of it, how files arrive, what its answers mean."""
