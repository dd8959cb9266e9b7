"""The Data tab's view: what it looks at, and what it answers the browser."""
