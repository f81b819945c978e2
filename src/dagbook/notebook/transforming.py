"""A cell's text as Python, without a shell that runs it."""

from __future__ import annotations

from IPython.core.inputtransformer2 import TransformerManager


def as_python(text: str) -> str:
    """The text with line magics and `!command` turned into calls, as every shell does it.

    >>> as_python("!ls")
    "get_ipython().system('ls')\\n"
    """
    return str(TransformerManager().transform_cell(text))
