"""Measuring how fast this machine trains: the real engines on a few made-up layers, in a process of its own."""
