"""Shell commands of a page as the lines of a cell."""

from __future__ import annotations

import re

_PROMPT = re.compile(r"^\s*(?:\([\w.-]+\)\s*)?(?:\$|%|>)\s+")
_MAGICS = (
    (re.compile(r"cd\s+([^&|;]+)$"), r"%cd \1"),
    (
        re.compile(r"(?:python3?\s+-m\s+)?pip3?\s+(install|uninstall|list|show)\b(.*)$"),
        r"%pip \1\2",
    ),
    (re.compile(r"export\s+(\w+)=(.*)$"), r"%env \1=\2"),
)


def shell_cell(text: str) -> str:
    """The commands, each as `!command`, or as the magic that outlives its line.

    Where commands have prompts, the other lines are what they printed, and are left out.

    >>> shell_cell("$ cd data\\n$ ls\\na.csv")
    '%cd data\\n!ls'
    """
    lines = text.split("\n")
    prompted = any(_PROMPT.match(line) for line in lines)
    cell: list[str] = []
    goes_on = False
    for line in lines:
        if not goes_on and prompted and not _PROMPT.match(line):
            continue
        bare = line if goes_on else _PROMPT.sub("", line).strip()
        cell.append(bare if goes_on or not bare or bare.startswith("#") else _command(bare))
        goes_on = bare.rstrip().endswith("\\")
    return "\n".join(cell).strip("\n")


def _command(line: str) -> str:
    for pattern, magic in _MAGICS:
        if pattern.match(line):
            return pattern.sub(magic, line).strip()
    return f"!{line}"
