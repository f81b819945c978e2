"""What may follow in the line of a magic: by its declaration, with the names of a graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dagbook.cells.declared import MagicSpec, Option
from dagbook.cells.words import Source, split_selection
from dagbook.selection import index
from dagbook.selection.completion import MOST, Completion, suggest
from dagbook.selection.protocol import NOTHING_KNOWN, SelectableGraph, World

# A word as typed so far; a comma begins another value.
_WORD = re.compile(r"[^\s,]*\Z")
_OPTION = re.compile(r"(?:\A|(?<=\s))(--[\w-]+)(=?)")
_PLAIN = re.compile(r"[\w./:=@-]+\Z")


def complete_header(
    line: str,
    cursor: int,
    spec: MagicSpec[Any],
    graph: SelectableGraph,
    world: World = NOTHING_KNOWN,
) -> list[Completion]:
    """What may stand at the cursor in what follows a magic's name.

    Args:
        line: the text after the name; what follows the cursor does not count.
        cursor: the place in it.
        spec: the magic.
        graph: whose names are offered.
        world: what else is known of the assets, for the values of `column:` and the like.

    Returns:
        Names first, then words of the selection language and signs, then options.

    Example:
        >>> from dagbook.cells.magics import DAG
        >>> from dagbook.graph.asset_graph import AssetGraph
        >>> [found.text for found in complete_header("--st", 4, DAG, AssetGraph())]
        ['--static']
    """
    typed = line[:cursor]
    begin = 0
    if spec.argument is not None and spec.argument.selection:
        source = Source(magic=spec.magic, line=typed, where="cell", number=None)
        begin = split_selection(source)[1]
        if "#" in typed[begin:]:
            return []
        if begin == cursor:
            found = suggest(line, cursor, graph, world)
            return found + (_flags(typed, spec) if _may_begin(typed) else [])
    return _words(typed, spec, graph)


def _may_begin(typed: str) -> bool:
    """Whether an option may begin here, quotes around it being closed."""
    before = typed.removesuffix("-")
    return before.count('"') % 2 == 0 and (not before or before[-1].isspace())


def _words(typed: str, spec: MagicSpec[Any], graph: SelectableGraph) -> list[Completion]:
    """Past a selection, or where the magic takes none: names, options and their values."""
    word = _WORD.search(typed)
    assert word is not None
    start, text = word.start(), word[0]
    given = list(_OPTION.finditer(typed))
    last = given[-1] if given else None
    option = spec.option(last[1]) if last is not None else None
    if last is not None and last[2] and not re.search(r"\s", typed[last.end() :]):
        start, text = (start, text) if start >= last.end() else (last.end(), typed[last.end() :])
        return _values(option, graph, text, start)
    if text.startswith("-"):
        return _flags(typed, spec)
    since = typed[last.end() : start].split() if last is not None else []
    if option is not None and _takes(option, since):
        return _values(option, graph, text, start) + (
            [] if text else _more(option, since, typed, spec)
        )
    found = _argument(typed[:start], spec, graph, text, start)
    return found + ([] if text else _flags(typed, spec))


def _more(option: Option, since: list[str], typed: str, spec: MagicSpec[Any]) -> list[Completion]:
    """Options after a value where the option before could also take more values."""
    return _flags(typed, spec) if option.kind.takes == "many" and since else []


def _takes(option: Option, since: list[str]) -> bool:
    """Whether a word after these is a value of the option."""
    return option.kind.takes == "many" or (option.kind.takes == "value" and not since)


def _flags(typed: str, spec: MagicSpec[Any]) -> list[Completion]:
    """The options that are not given yet, and those that may come again."""
    start = typed.rfind(" ") + 1
    given = {found[1] for found in _OPTION.finditer(typed[:start])}
    flags = [
        option.flag
        for option in spec.options
        if option.flag not in given or option.kind.takes == "many"
    ]
    return _beginning(typed[start:], [*flags, "--help"], start, "option")


def _values(
    option: Option | None, graph: SelectableGraph, text: str, start: int
) -> list[Completion]:
    if option is None:
        return []
    if option.kind.choices:
        return _beginning(text, option.kind.choices, start, "value")
    if option.field == "ins":
        # `variable=key`: the key is what is known.
        name, sign, key = text.partition("=")
        return _beginning(key, index.names(graph), start + len(name) + 1, "asset") if sign else []
    values = _VALUES.get(option.field)
    kind = "asset" if option.field in ("deps", "asset") else option.flag[2:]
    return _beginning(text, values(graph), start, kind) if values is not None else []


def _argument(
    before: str, spec: MagicSpec[Any], graph: SelectableGraph, text: str, start: int
) -> list[Completion]:
    """Names for what the magic is about, where that is not given yet."""
    names = _ARGUMENTS.get(spec.magic)
    if names is None or before.strip():
        return []
    return _beginning(text, names(graph), start, "asset")


def _beginning(typed: str, values: Iterable[str], start: int, kind: str) -> list[Completion]:
    opened = typed[:1] if typed[:1] in ("'", '"') else ""
    begin = typed[len(opened) :].casefold()
    found = [value for value in values if value.casefold().startswith(begin)]
    return [Completion(_quoted(value, opened), start, kind) for value in found[:MOST]]


def _quoted(value: str, opened: str) -> str:
    mark = opened or ('"' if not _PLAIN.match(value) else "")
    return f"{mark}{value}{mark}"


def _tags(graph: SelectableGraph) -> Iterator[str]:
    for tag, values in index.tag_values(graph).items():
        yield from (f"{tag}={value}" if value else tag for value in values)


def _checks(graph: SelectableGraph) -> list[str]:
    return [f"{key.asset_key}.{key.name}" for key in graph.checks]


_Names = Callable[[SelectableGraph], Iterable[str]]
_VALUES: Mapping[str, _Names] = {
    "deps": index.names,
    "asset": index.names,
    "group": lambda graph: index.groups(graph).every,
    "expand": lambda graph: dict.fromkeys([*index.groups(graph).every, *index.names(graph)]),
    "kinds": lambda graph: sorted(kind for kind in index.kinds(graph).every if kind),
    "owners": lambda graph: sorted(index.owners(graph).every),
    "tags": _tags,
}
_ARGUMENTS: Mapping[str, _Names] = {
    "%asset": index.names,
    "%forget": lambda graph: [*index.names(graph), *_checks(graph)],
    "%failing": _checks,
}
