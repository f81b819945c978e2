"""The immutable topology of definitions."""
