"""Which code changes a global that it reads."""

from __future__ import annotations

import pytest

from dagbook.versions.changing import changed_by
from dagbook.versions.parts import Part

READS = "len(G)"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("G", "G.append(1)"),
        ("G", "G[0] = 1"),
        ("G", "G['a']['b'] += 1"),
        ("G", "G['a'].add(1)"),
        ("G", "del G[0]"),
        ("G", "def f():\n    global G\n    G += 1"),
        ("G[0]", "G.clear()"),
        ("G", "    for n in range(3):\n        G.update({n: n})"),
        ("state.n", "state.n += 1"),
        ("state", "state.n = 1"),
        ("config.SEEN", "config.SEEN.append(1)"),
    ],
)
def test_code_that_changes_what_it_reads_is_found(name: str, text: str) -> None:
    """In place by a method, an item or an attribute, or by binding a global anew."""
    assert changed_by(name, [Part("body", "body", "", text)]) == "body"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("G", READS),
        ("G", "G = []\nG.append(1)"),
        ("G", "def f(G):\n    G.append(1)"),
        ("G", "H.append(G)"),
        ("G", "H['G'] = 1"),
        ("G", "G.count(1)"),
        ("G", "G.append("),
        ("state.n", "other.n += 1"),
        ("config.SEEN", "SEEN.append(1)"),
    ],
)
def test_code_that_only_reads_it_is_not(name: str, text: str) -> None:
    """Nor what it binds or is given itself, nor what only looks like the name."""
    assert changed_by(name, [Part("body", "body", "", text)]) == ""


def test_the_function_or_class_that_changes_it_is_named() -> None:
    """A function of a module by what is the module's, a class by its own name."""
    parts = [
        Part("body", "body", "", READS),
        Part("lib.look", "body", "", "def look(x):\n    CACHE[x] = 1"),
        Part("counter.__class__", "body", "", "class Counter:\n    def tick(self): self.n += 1"),
    ]
    assert changed_by("lib.CACHE", parts) == "lib.look"
    assert changed_by("counter.n", parts) == "Counter"
    assert changed_by("CACHE", parts) == ""
