"""Answers a page that wants to rename an asset: which edits do so."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword

from dagbook.cells.renaming import Renaming, renamed
from dagbook.comm.messages import Edit
from dagbook.definitions.keys import AssetKey, check_name
from dagbook.errors.definitions import DuplicateKey, InvalidName
from dagbook.graph.asset_graph import AssetGraph


def edits_of(graph: AssetGraph, old: AssetKey, new: str, texts: Mapping[str, str]) -> list[Edit]:
    """The edits of these cells by which an asset gets the key `new`.

    Raises InvalidName, or DuplicateKey where another asset has that key.
    """
    key = AssetKey.from_user_string(new) if all(new.split("/")) else AssetKey(new)
    for part in key.path:
        check_name(part, "asset")
    if iskeyword(key.name):
        raise InvalidName(what="asset", name=new[:200])
    twin = graph.folded.get(str(key).casefold())
    if twin is not None and twin != old:
        raise DuplicateKey(name=str(twin), first=None, second=None)
    found = renamed(texts, Renaming(str(old), str(key)))
    return [
        Edit(
            cell=cell,
            start=_units(texts[cell][: one.start]),
            end=_units(texts[cell][: one.end]),
            text=one.text,
        )
        for cell, replacements in found.items()
        for one in replacements
    ]


def _units(text: str) -> int:
    """How many UTF-16 units a page counts for the text."""
    return len(text) + sum(sign > "\uffff" for sign in text)
