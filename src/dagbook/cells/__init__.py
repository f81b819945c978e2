"""A cell's source turned into a definition."""
