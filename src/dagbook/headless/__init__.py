"""Notebooks run without a screen."""
