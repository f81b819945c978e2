"""The records of what happened, and their encoding."""
