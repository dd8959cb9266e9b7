"""Taking in adapters that were made elsewhere: all of it is checked before any library loads it. No torch."""
