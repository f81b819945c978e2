"""Turn notebook cells into data assets."""
