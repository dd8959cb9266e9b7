"""What stands in the Chat tab."""
