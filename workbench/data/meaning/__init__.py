"""Records to examples: which column plays which role, and what is noteworthy in the text."""
