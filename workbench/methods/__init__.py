"""The ways of tuning: one file and one row in `table` for each."""
