"""One file a tab, each with one `build`."""
