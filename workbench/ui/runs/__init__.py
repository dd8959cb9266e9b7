"""The Runs tab's view: the list of runs, their comparison, and what can be done with one."""
