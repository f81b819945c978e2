"""For users' own tests: a notebook with a store of its own, its values and its checks."""

from dagbook.testing.notebooks import NotebookUnderTest, open_notebook

__all__ = ["NotebookUnderTest", "open_notebook"]
