"""The plan beside the form: what a start would do, whether it fits, and what stands in its way."""
