"""Finds what queries name of that which cells have made in the memory of DuckDB, besides tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dagbook.execution.recorder import Recorder
from dagbook.staleness.files import IN_DATABASE
from dagbook.versions.database import functions
from dagbook.versions.told import functions_told

_CALL = re.compile(r"(\w+)\s*\(")
_MADE = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?"
    r"(?:view|macro|function|type|sequence)\s+\"?(\w+)|\bset\s+variable\s+(\w+)",
    re.IGNORECASE,
)


def take_held(
    held: Mapping[str, str],
    asked: Iterable[str],
    texts: Iterable[str],
    recorder: Recorder,
    *,
    registers: bool,
) -> None:
    """Tell the recorder of the views, macros, types and variables that count for a step.

    Args:
        held: what the connection held when the step came to it, but for macros.
        asked: the queries of the step.
        texts: these, and those of the views that they name.
        recorder: is told.
        registers: the step may have registered functions itself.
    """
    said = "\n".join(texts).lower()
    words = {*re.findall(r"\w+", said)}
    made = {name.lower() for names in _MADE.findall("\n".join(asked)) for name in names}
    for name, text in {**held, **functions(frozenset(_CALL.findall(said)))}.items():
        kind, _, bare = name.partition(" ")
        if bare.lower() in made or (kind != "macro" and bare.lower() not in words):
            continue
        if text is None and (registers or bare in functions_told()):
            continue
        if text is None or kind == "sequence":
            recorder.unseen(f"`{bare}`, which a cell has made in DuckDB's memory")
        else:
            recorder.environment(f"{IN_DATABASE}{name}", text)
