"""Functions that rest on what cells have changed in packages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import matplotlib
import pytest
import sqlglot

from dagbook.versions import patched
from dagbook.versions.process import rests_on_process

HEAD = """
import math, sqlglot
import matplotlib.pyplot as plt
RATE = 2
def nodes(g): return 99
def helper(): return sqlglot.parse_one(3)
"""


@pytest.fixture(autouse=True)
def unchanged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package and the settings are put back."""
    monkeypatch.setattr(sqlglot, "parse_one", sqlglot.parse_one)
    with matplotlib.rc_context():
        matplotlib.rcParams.update(matplotlib.rcParamsOrig)
        yield


def body_of(change: str, body: str) -> Any:
    """The function of a notebook in which a cell has made a change."""
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(f"{HEAD}{change}\ndef body(): return {body}", space)
    return space["body"]


@pytest.mark.parametrize(
    ("change", "body", "rests"),
    [
        ("", "helper(), math.pi, plt.figure(), RATE", False),
        ("sqlglot.parse_one = nodes", "sqlglot.parse_one(3)", True),
        ("sqlglot.parse_one = nodes", "helper()", True),
        ("sqlglot.parse_one = nodes", "sqlglot.tokenize(3), plt.figure()", False),
        ("plt.rcParams['lines.linewidth'] = 7", "plt.figure()", True),
        ("plt.rcParams['lines.linewidth'] = 7", "sqlglot.tokenize(3)", False),
    ],
)
def test_a_function_rests_on_the_process_where_it_uses_what_was_changed(
    change: str, body: str, rests: bool
) -> None:
    """Itself or by a helper; another process would give another value."""
    assert rests_on_process(body_of(change, body)) is rests


@pytest.mark.parametrize(
    ("body", "rests"),
    [
        ("sqlglot.tokenize(3)", True),
        ("sqlglot.pretty", True),
        ("tokenize(3)", True),
        ("__import__('math') or 1", False),
        ("helper()", True),
        ("math.pi", False),
    ],
)
def test_a_constant_that_a_cell_put_into_a_package_keeps_its_readers_in_the_process(
    monkeypatch: pytest.MonkeyPatch, body: str, rests: bool
) -> None:
    """Whoever uses the package may read it: the package's own code does."""
    monkeypatch.setattr(patched, "_put", {})
    patched.note_put(sqlglot, ("sqlglot", "pretty"), done=False)
    change = "from sqlglot import tokenize"
    assert rests_on_process(body_of(change, body)) is False
    monkeypatch.setattr(sqlglot, "pretty", "so")
    assert rests_on_process(body_of(change, body)) is rests
