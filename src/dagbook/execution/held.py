"""Finds what queries name of that which cells have made in the memory of DuckDB, besides tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dagbook.execution.recorder import Recorder
from dagbook.staleness.files import IN_DATABASE
from dagbook.versions import database
from dagbook.versions.told import functions_told

_MADE = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(?:view|macro|function|type|sequence|table)"
    r"\s+(?!if\b)\"?(\w+)|\bset\s+variable\s+(\w+)|\bprepare\s+(\w+)|\battach\b.*\bas\s+\"?(\w+)",
    re.IGNORECASE,
)
_OF_SETTINGS = re.compile(r"\b(?:current_setting|duckdb_settings|pragma)\b", re.IGNORECASE)
_OF_CATALOG = re.compile(
    r"\b(?:information_schema|sqlite_master|show|pg_\w+|pragma_\w+"
    r"|duckdb_(?!settings|logs)\w+)\b",
    re.IGNORECASE,
)


def take_held(
    held: Mapping[str, str],
    made: Iterable[str],
    asked: Iterable[str],
    recorder: Recorder,
    *,
    registers: bool,
    anything: bool,
) -> None:
    """Tell the recorder of the views, macros, types and variables that count for a step.

    Args:
        held: what the connection held when the step came to it, but for functions.
        made: the names of tables and frames that the step has put there.
        asked: the queries of the step.
        recorder: is told.
        registers: the step may have registered functions itself.
        anything: the step may have asked more than is known.
    """
    said = "\n".join(asked).lower()
    own = {name.lower() for found in _MADE.findall(said) for name in found} | {*made}
    database.look_anew()
    every = {**held, **database.functions()} if anything else database.reached(said, held)
    for name, text in every.items():
        kind, _, bare = name.partition(" ")
        if bare.lower() in own or kind in ("table", "frame"):
            continue
        if kind == "function" and (registers or bare in functions_told()):
            continue
        if kind in ("function", "sequence"):
            recorder.unseen(f"`{bare}`, which a cell has made in DuckDB's memory")
        else:
            recorder.environment(f"{IN_DATABASE}{name}", text)
    # What is made later by a name of a query would be read instead of what was.
    words = ", ".join(w for w in database.words_of(said) if w.removesuffix("()") not in own)
    if words:
        found = database.names(database.reached(words, held))
        recorder.environment(f"{IN_DATABASE}{database.NAMED}{words}", found)
    if _OF_SETTINGS.search(said):
        for name, value in database.settings_in(said).items():
            recorder.environment(f"{IN_DATABASE}{database.SETTING}{name}", value)
    if _OF_CATALOG.search(said):
        recorder.environment(f"{IN_DATABASE}{database.CATALOG}", database.catalog())
