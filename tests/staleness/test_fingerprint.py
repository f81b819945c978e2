"""Fingerprints: equal for the same computation, different for any other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import InputVersion
from dagbook.staleness.fingerprint import fingerprint

NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True)
VERSIONS = st.text(max_size=8)
PARTS = st.tuples(
    VERSIONS,
    NAMES,
    st.dictionaries(NAMES, VERSIONS, max_size=3).map(lambda found: tuple(found.items())),
    st.lists(VERSIONS, max_size=3).map(lambda found: tuple(sorted(found))),
    st.dictionaries(VERSIONS, NAMES, max_size=2).map(lambda found: tuple(sorted(found.items()))),
)


def read(pairs: Iterable[tuple[str, str]]) -> list[InputVersion]:
    """Inputs of these names and data versions, from an asset that does not matter."""
    return [InputVersion(name, AssetKey(f"of_{name}"), version) for name, version in pairs]


@given(PARTS, PARTS)
def test_different_parts_never_share_a_fingerprint(one: Any, other: Any) -> None:
    """Whatever a user declares as a version, zeros and signs included."""
    marks = [fingerprint(a, b, read(c), d, dict(e)) for a, b, c, d, e in (one, other)]
    assert (marks[0] == marks[1]) == (one == other)


def test_the_order_of_what_is_waited_for_does_not_matter() -> None:
    """Nor that of files; the order of parameters does."""
    assert fingerprint("c", "o", (), ["1", "2"], {}) == fingerprint("c", "o", (), ["2", "1"], {})
    swapped = [[("x", "1"), ("y", "2")], [("x", "2"), ("y", "1")]]
    assert len({fingerprint("c", "o", read(pairs), (), {}) for pairs in swapped}) == 2


def test_parts_do_not_run_into_each_other() -> None:
    """A version that looks like two parts is still one."""
    one = fingerprint("c", "o", read([("x", "1\0y=1:2")]), (), {})
    two = fingerprint("c", "o", read([("x", "1"), ("y", "2")]), (), {})
    assert one != two


def test_names_of_files_may_hold_any_bytes() -> None:
    """A lone surrogate stands for a byte that is no text."""
    assert fingerprint("c", "o", (), (), {"file \udcff": "h"})
