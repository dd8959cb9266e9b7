"""Giving an export to others: uploading it to the hub, when somebody asks for just that."""
