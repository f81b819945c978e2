"""Python as pages show it: with prompts, with magics, or as something that only looks like it."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.)(?: |$)")
_NUMBERED = re.compile(r"\s*(?:In \[\d+\]:|\s*\.\.\.:) ?")
_MAGIC = re.compile(r"^([ \t]*)[%!](?=[\w%!])", re.M)


def without_prompts(text: str) -> str:
    """The input of an interactive session, without its prompts and what it printed.

    >>> without_prompts(">>> 1 + 1\\n2")
    '1 + 1'
    """
    lines = text.split("\n")
    for pattern in (_PROMPT, _NUMBERED):
        first = next((line for line in lines if line.strip()), "")
        if pattern.match(first):
            kept = [pattern.sub("", line, count=1) for line in lines if pattern.match(line)]
            return textwrap.dedent("\n".join(kept)).strip("\n")
    return text


def masked(text: str) -> str:
    """The text with its line magics as comments, every other character in its place."""
    return _MAGIC.sub(lambda found: f"{found[1]}#", text)


def parsed(text: str) -> ast.Module | None:
    """The tree of a cell, magics left out; None where it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            source = masked(text)
            compile(source, "<page>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
