"""Versions of code and of data."""
