"""Finds the docstrings that code may read which asks for some: its own, and those of what it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.versions.content import text_bytes
from dagbook.versions.origin import home_of_class, home_of_file
from dagbook.versions.static import Static, docs_of

_HOLDING = frozenset({list, tuple})


def docs_read(static: Static, namespace: Mapping[str, Any]) -> bytes:
    """The digest of the docstrings of a function and of all that is the user's and that it names."""
    told = [text_bytes(str(doc)) for doc in _docs_of_all(_named(static, namespace))]
    return xxh3_128_digest(docs_of(static) + b"".join(told))


def _named(static: Static, namespace: Mapping[str, Any]) -> list[Any]:
    found = []
    for name, chains in static.reads.names:
        for chain in chains:
            value = namespace.get(name)
            for attribute in chain:
                if issubclass(type(value), ModuleType):
                    value = vars(value).get(attribute)
            found.append(value)
    return found


def _docs_of_all(todo: list[Any]) -> Iterator[str | None]:
    met = set[int]()
    for one in todo:  # which grows meanwhile
        kind = type(one)
        if id(one) in met:
            continue
        met.add(id(one))
        if kind in _HOLDING:
            todo += one
        elif kind is dict:
            todo += one.values()
        elif kind is FunctionType and home_of_file(one.__code__.co_filename) == "own":
            yield one.__doc__
        elif issubclass(kind, type) and home_of_class(one) == "own":
            yield vars(one).get("__doc__")
            todo += [held for held in vars(one).values() if type(held) is FunctionType]
