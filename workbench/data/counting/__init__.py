"""What the data holds, counted before a start: the report, and the filters that find what it warns of."""
