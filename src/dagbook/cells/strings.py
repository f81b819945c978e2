"""Hints of hidden dependencies in the string literals of a body."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from dagbook.cells.paths import At
from dagbook.records import dataclass

_WORD = re.compile(r"[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)*")
# What follows the stem of a file's name: an extension, up to a quote or the end.
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}(?=['\"])")
_FILE_NAME = re.compile(r"\S*[^\s.]\.[A-Za-z0-9]{1,8}")
# What may name a file: one line, no longer than a path can be, with a dot or a separator in it.
_LONGEST_PATH = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class StringLiteral:
    """A string literal of a body that is no note, with its place."""

    text: str
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMention:
    """A known key that stands as a word in a string, such as `duckdb.sql("from orders")`."""

    key: str
    literal: StringLiteral


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMention:
    """A string that names an existing file, which the body may read unseen."""

    path: str
    literal: StringLiteral


def mentioned_keys(
    strings: Iterable[StringLiteral], keys: Collection[str], inputs: Collection[str]
) -> tuple[KeyMention, ...]:
    """The known keys that stand as words in strings and are not inputs, each once.

    Args:
        strings: the literals of a body.
        keys: all known keys, as text.
        inputs: the keys that are inputs already.

    Example:
        >>> found = mentioned_keys(
        ...     [StringLiteral(text="from orders", at=At(1, 11))], {"orders", "users"}, set()
        ... )
        >>> [mention.key for mention in found]
        ['orders']
    """
    found: dict[str, KeyMention] = {}
    for literal in strings:
        for word in _words(literal.text):
            if word in keys and word not in inputs and word not in found:
                found[word] = KeyMention(key=word, literal=literal)
    return tuple(found.values())


def _words(text: str) -> Iterator[str]:
    """The words of a text, and parts of paths; nothing of what is the name of a file."""
    if _FILE_NAME.fullmatch(text):
        return
    for match in _WORD.finditer(text):
        if _EXTENSION.match(text, match.end()):
            continue
        yield match.group()
        if "/" in match.group():
            yield from match.group().split("/")


def mentioned_files(
    strings: Iterable[StringLiteral], exists: Callable[[str], bool]
) -> tuple[FileMention, ...]:
    """The strings that name an existing file, each once.

    Args:
        strings: the literals of a body.
        exists: says whether a path, relative to where bodies run, is a file.

    Example:
        >>> literal = StringLiteral(text="data/orders.csv", at=At(1, 12))
        >>> [mention.path for mention in mentioned_files([literal], lambda path: True)]
        ['data/orders.csv']
    """
    found: dict[str, FileMention] = {}
    for literal in strings:
        text = literal.text
        if text not in found and _may_name_a_file(text) and exists(text):
            found[text] = FileMention(path=text, literal=literal)
    return tuple(found.values())


def _may_name_a_file(text: str) -> bool:
    return (
        0 < len(text) <= _LONGEST_PATH
        and ("." in text or "/" in text or "\\" in text)
        and "://" not in text
        and "\n" not in text
        and "\0" not in text
    )
