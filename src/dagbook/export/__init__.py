"""Writes a finished notebook as a page, as Markdown, or as a plain Python module."""
