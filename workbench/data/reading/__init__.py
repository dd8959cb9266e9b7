"""Files to records: what stands in a file, row by row, before anyone knows what it means."""
