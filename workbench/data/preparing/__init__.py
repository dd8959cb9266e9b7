"""Reading and tokenising in processes of their own, whose results stay on disk until the content changes."""
