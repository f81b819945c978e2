"""Paths from keys, which may hold anything that somebody could type."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dagbook.errors.store import UnsafePath

# What Windows reserves; a store may be copied there, so no system writes them.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)
_FORBIDDEN = frozenset('/\\:*?"<>|')
_LONGEST = 255


def key_path(base: Path, parts: Sequence[str]) -> Path:
    """The path below `base` that belongs to a key.

    Raises UnsafePath for parts that could leave the folder or that some system cannot write.

    >>> key_path(Path("data"), ["raw", "flights"]).as_posix()
    'data/raw/flights'
    """
    if not parts:
        raise UnsafePath(parts=(), problem="it is empty")
    for part in parts:
        problem = _problem(part)
        if problem:
            raise UnsafePath(parts=tuple(parts), problem=problem)
    path = base.joinpath(*parts)
    inside = os.path.realpath(path)
    # A link within the folder can lead out of it.
    if os.path.commonpath([inside, os.path.realpath(base)]) != os.path.realpath(base):
        raise UnsafePath(parts=tuple(parts), problem="a link leads it out of the folder")
    return path


def _problem(part: str) -> str | None:
    if not part.strip(". "):
        return "a part of it is empty or only dots"
    if part[-1] in ". " or part[0] == " ":
        return f"{part[:80]!r} begins or ends with a dot or a space that some systems drop"
    if any(sign in _FORBIDDEN or ord(sign) < 32 or ord(sign) == 127 for sign in part):
        return f"{part[:80]!r} holds a sign that paths give a meaning to"
    if part.partition(".")[0].casefold() in _RESERVED:
        return f"{part!r} is reserved by Windows"
    if len(part.encode("utf-8", "surrogatepass")) > _LONGEST:
        return f"a part of it is longer than {_LONGEST} bytes"
    return None
