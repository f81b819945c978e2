"""The ways in which values are written."""
