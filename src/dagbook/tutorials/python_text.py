"""Python as pages show it: with prompts, with magics, or as something that only looks like it."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.)(?: |$)")
_NUMBERED = re.compile(r"\s*(?:In \[\d+\]:|\s*\.\.\.:) ?")
_MAGIC = re.compile(r"^([ \t]*)[%!](?=[\w%!])", re.M)
_CELL_MAGIC = re.compile(r"\s*%%\w")


def sessions(text: str) -> list[tuple[str, bool]]:
    """The input of an interactive session without prompts and output, and whether it ends by raising.

    It is cut where it shows a traceback. Text without prompts is one piece.

    >>> sessions(">>> 1 + 1\\n2\\n>>> int('x')\\nTraceback (most recent call last):\\n>>> 3")
    [("1 + 1\\nint('x')", True), ('3', False)]
    """
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    pattern = next((each for each in (_PROMPT, _NUMBERED) if each.match(first)), None)
    if pattern is None:
        return [(text, False)]
    pieces: list[tuple[str, bool]] = []
    kept: list[str] = []
    for line in lines:
        if pattern.match(line):
            kept.append(pattern.sub("", line, count=1))
        elif kept and line.strip().startswith("Traceback (most recent call last)"):
            pieces.append((_joined(kept), True))
            kept = []
    return [*pieces, (_joined(kept), False)] if _joined(kept) else pieces


def _joined(lines: list[str]) -> str:
    return textwrap.dedent("\n".join(lines)).strip("\n")


def masked(text: str) -> str:
    """The text with its line magics as comments, every other character in its place."""
    return _MAGIC.sub(lambda found: f"{found[1]}#", text)


def parsed(text: str) -> ast.Module | None:
    """The tree of a cell, magics left out; None where it is no Python.

    What stands under a cell magic need not be Python: then there is nothing of Python to see in it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            source = masked(text)
            compile(source, "<page>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.Module([], []) if _CELL_MAGIC.match(text) else None
