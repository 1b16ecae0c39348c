"""What waits for one, and what has changed."""
