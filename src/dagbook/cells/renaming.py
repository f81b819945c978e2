"""Finds what of a notebook's cells has to change when an asset gets another key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dagbook.cells.renaming_python import binds, name_places
from dagbook.cells.renaming_sql import table_places
from dagbook.cells.words import Source, Word, split_words
from dagbook.errors.cells import CellError
from dagbook.records import dataclass

# Options of a header whose values are keys.
_KEYED = frozenset(["--deps", "--asset", "--ins"])
# Magics whose words before the first option are keys.
_NAMED_BY_KEYS = frozenset(["asset", "multi_asset", "graph_asset", "graph_multi_asset"])
_HEADER = re.compile(
    r"\s*%%(?P<magic>asset|asset_check|multi_asset|op|graph_asset|graph_multi_asset)\b"
)
_OPTION_LINE = re.compile(r"[^\S\n]*#\|[^\S\n]*(?:deps|asset|ins)[^\S\n]*:[^\n]*")
_OPTION_LINES = re.compile(r"(?:[^\S\n]*#\|[^\n]*(?:\n|\Z))*")
_SQL_LINE = re.compile(r"^\s*#\|\s*sql\b(?!\s*:\s*false)", re.MULTILINE | re.IGNORECASE)
_TOLD = re.compile(
    r"^[^\S\n]*(?:[^\n=%'\"#]+=[^\S\n]*)?%(?:materialize|select|dag|asset|failing|stale|forget)\b[^\n]*",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """From `start` to `end` of a cell's text stands `text` from now on."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Renaming:
    """An asset's key and the one that it gets, as people write them."""

    old: str
    new: str

    @property
    def old_name(self) -> str:
        """By which bodies read it so far."""
        return self.old.rpartition("/")[2]

    @property
    def new_name(self) -> str:
        """By which bodies read it from now on."""
        return self.new.rpartition("/")[2]

    def within(self, text: str, offset: int = 0) -> Iterator[Replacement]:
        """Wherever the old key stands as a whole word that is no value of another attribute."""
        key = rf"(\b(?!key:)\w+:\s*[\"']?)?(?<![\w/])({re.escape(self.old)})(?![\w/=])"
        for found in re.finditer(key, text):
            if found[1] is None:
                yield Replacement(offset + found.start(2), offset + found.end(2), self.new)


def renamed(cells: Mapping[str, str], renaming: Renaming) -> dict[str, list[Replacement]]:
    """The replacements by cell, of those cells that change; the texts are those of all code cells.

    A variable of the same name that an ordinary cell binds is not the asset, and stays.

    >>> renamed({"a": "%%asset orders\\n[1]", "b": "len(orders)"}, Renaming("orders", "sales"))
    {'a': [Replacement(start=8, end=14, text='sales')], 'b': [Replacement(start=4, end=10, text='sales')]}
    """
    ordinary = [text for text in cells.values() if _HEADER.match(text) is None]
    is_variable = any(binds(text, renaming.old_name) for text in ordinary)
    found = {
        cell: sorted(set(_in_cell(text, renaming, is_variable)), key=_in_order)
        for cell, text in cells.items()
    }
    return {cell: replacements for cell, replacements in found.items() if replacements}


def _in_order(one: Replacement) -> tuple[int, int, str]:
    return one.start, one.end, one.text


def _in_cell(text: str, renaming: Renaming, is_variable: bool) -> Iterator[Replacement]:
    header = _HEADER.match(text)
    if header is None:
        for line in _TOLD.finditer(text):
            yield from renaming.within(line[0], line.start())
        if not is_variable:
            yield from _names(text, 0, renaming)
        return
    line_end = text.find("\n")
    line_end = len(text) if line_end < 0 else line_end
    words = _words(text[:line_end], header.end())
    yield from _in_header(words, header["magic"], renaming)
    body = line_end + 1
    options = _OPTION_LINES.match(text, min(body, len(text)))
    assert options is not None  # it matches nothing at least
    for option in _OPTION_LINE.finditer(text, options.start(), options.end()):
        value = option[0].index(":") + 1
        yield from renaming.within(option[0][value:], option.start() + value)
    if any(word.text == "--sql" for word in words) or _SQL_LINE.search(options[0]):
        yield from _tables(text[options.end() :], options.end(), renaming)
    elif not _is_renamed_input(words, options[0], renaming):
        yield from _names(text, body, renaming)


def _words(line: str, begin: int) -> tuple[Word, ...]:
    try:
        return split_words(Source(magic="", line=line, where="cell", number=1), begin)
    except CellError:
        # A header that can't be run is left to whoever writes it.
        return ()


def _in_header(words: tuple[Word, ...], magic: str, renaming: Renaming) -> Iterator[Replacement]:
    keyed = magic in _NAMED_BY_KEYS
    for word in words:
        if word.is_option:
            option, equals, value = word.text.partition("=")
            keyed = option in _KEYED
            if equals and keyed and value == renaming.old:
                yield Replacement(word.end - len(value), word.end, renaming.new)
            continue
        if keyed:
            start = word.start + (word.end - word.start - len(word.text)) // 2
            for found in re.finditer(rf"(?<![\w/]){re.escape(renaming.old)}(?![\w/=])", word.text):
                yield Replacement(start + found.start(), start + found.end(), renaming.new)


def _is_renamed_input(words: tuple[Word, ...], options: str, renaming: Renaming) -> bool:
    """Whether the body's variable of the old name is said to stand for another asset."""
    mapped = re.compile(rf"(?<!\w){re.escape(renaming.old_name)}\s*=\s*(\S+)")
    given = [found[1] for word in words if (found := mapped.match(word.text))]
    given += [found[1] for found in mapped.finditer(options)]
    return any(key != renaming.old for key in given)


def _names(text: str, begin: int, renaming: Renaming) -> Iterator[Replacement]:
    if renaming.old_name != renaming.new_name:
        for start, end in name_places(text[begin:], renaming.old_name):
            yield Replacement(begin + start, begin + end, renaming.new_name)


def _tables(query: str, begin: int, renaming: Renaming) -> Iterator[Replacement]:
    for start, end, text in table_places(query, renaming.old, renaming.new):
        yield Replacement(begin + start, begin + end, text)
