"""The same table of edits on other programs, each run by a Python that has them."""
