"""Follows the texts in values: the variables that expressions for pandas name, and frames in queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

from dagbook.versions.bytecode import nested_codes
from dagbook.versions.names import MISSING
from dagbook.versions.origin import home_of_class
from dagbook.versions.parts import Edge, Note
from dagbook.versions.static import Static
from dagbook.versions.texts import (
    ASKED,
    EVALUATED,
    OPEN,
    asked_for,
    is_frame,
    is_open,
    named_in_texts,
    names_in,
    tables_in,
)
from dagbook.versions.web import Web

# Larger collections are data, in which no queries are kept.
_MOST = 1000
_HELD_IN = frozenset({list, tuple, set, frozenset})


def named_by(
    web: Web, value: Any, namespace: dict[str, Any], *, evaluated: bool = False
) -> Iterator[Edge]:
    """The variables that the texts in a value name."""
    for text in texts_in(value):
        yield from _variables(web, _named_in(text, namespace, evaluated=evaluated), namespace)


def named_by_code(web: Web, static: Static, namespace: dict[str, Any]) -> Iterator[Edge]:
    """The variables that queries and expressions name, where there are any of these names."""
    known = {name for name, _ in static.reads.names}
    named = [
        name
        for name, only_frames in static.texts
        if name not in known and not (only_frames and not is_frame(namespace.get(name)))
    ]
    yield from _variables(web, named, namespace)
    if (EVALUATED, False) in static.texts:
        for name in sorted(known):
            yield from named_by(web, namespace.get(name), namespace, evaluated=True)
    if (ASKED, False) in static.texts:
        yield from _put_together(web, static, namespace)


def _put_together(web: Web, static: Static, namespace: dict[str, Any]) -> Iterator[Edge]:
    """The variables that an expression may come to name, by all texts of which that may be known."""
    reads = [namespace.get(name) for name, _ in static.reads.names]
    texts = [text for value in reads for text in texts_in(value)]
    if not ((OPEN, False) in static.texts or any(map(is_open, texts))):
        return
    named = sorted({*filter(str.isidentifier, texts)} & namespace.keys())
    yield from _variables(web, named, namespace)
    if not (named or any(name in namespace for name, _ in static.texts)):
        reason = "an expression that is put together may name any variable after `@`"
        yield "@", web.once("untracked", "@", mark=Note("untracked", reason), text=reason)


def _variables(web: Web, names: Iterable[str], namespace: dict[str, Any]) -> Iterator[Edge]:
    """The variables of these names, where there are any."""
    for name in names:
        value = namespace.get(name, MISSING)
        known = value is MISSING or web.world.is_asset(name)
        if not (known or issubclass(type(value), ModuleType)):
            yield name, web.node(value, name)


def frames_named(words: set[str], code: CodeType, namespace: dict[str, Any]) -> list[str]:
    """The frames of a namespace that queries name, and that nothing in the code does."""
    known = {name for name, _ in named_in_texts(code)}
    for inner in nested_codes(code):
        known.update(inner.co_names, inner.co_varnames, inner.co_cellvars, inner.co_freevars)
        for name in inner.co_names:
            for text in texts_in(namespace.get(name)):
                known.update(_named_in(text, namespace))
    return sorted(name for name in words - known if is_frame(namespace.get(name)))


def texts_in(value: Any) -> Iterator[str]:
    """The texts that a value is or holds, where it is small: containers, the user's own objects.

    >>> list(texts_in({"large": ["amount > @limit"]}))
    ['large', 'amount > @limit']
    """
    todo: list[Any] = [value]
    for one in todo:  # which grows meanwhile
        kind = type(one)
        if kind is str:
            yield one
            continue
        inner: Any = ()
        if kind is dict:
            inner = [*one, *one.values()] if len(one) < _MOST else ()
        elif kind in _HELD_IN:
            inner = one if len(one) < _MOST else ()
        elif kind is SimpleNamespace:
            inner = vars(one).values()
        elif issubclass(kind, type):
            inner = vars(one).values() if home_of_class(one) == "own" else ()
        elif kind.__module__ not in ("builtins", "types") and home_of_class(kind) == "own":
            inner = [*_attributes(one), *vars(kind).values()]
        if len(todo) < _MOST:
            todo += [held for held in inner if held is not one]


def _attributes(value: Any) -> Iterator[Any]:
    try:
        yield from object.__getattribute__(value, "__dict__").values()
    except AttributeError:  # it has slots
        return


def _named_in(text: str, namespace: Mapping[str, Any], *, evaluated: bool = False) -> Iterator[str]:
    """The variables that a text names as an expression for pandas, and the frames as a query."""
    if "@" in text:
        yield from asked_for(text)
    if evaluated:
        yield from sorted(names_in(text))
    for name in tables_in(text):
        if is_frame(namespace.get(name)):
            yield name
