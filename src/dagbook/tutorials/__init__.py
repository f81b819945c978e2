"""Turns tutorial pages, Markdown or MDX, into executable notebooks."""
