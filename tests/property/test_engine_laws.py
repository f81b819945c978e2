"""Laws of updates: plans respect edges, everything ends fresh, and fresh is never false."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook.engine.workspace import Workspace
from tests.engine.typed import define, typed, words

# An asset: which earlier ones it reads, and the variant of its body.
Shape = list[tuple[frozenset[int], int]]


@st.composite
def shapes(draw: Any, most: int = 8) -> Shape:
    """Acyclic graphs: each asset reads some of those before it."""
    count = draw(st.integers(1, most))
    return [
        (draw(st.frozensets(st.integers(0, n - 1), max_size=2)) if n else frozenset(), n)
        for n in range(count)
    ]


def text_of(number: int, reads: frozenset[int], variant: int) -> str:
    """The cell of one asset; variants 3 and 5 give the same data by other code."""
    names = [f"a{one}" for one in sorted(reads)]
    own = str(variant) if variant != 5 else "1 + 2"
    return (
        f"@asset\ndef a{number}({', '.join(names)}):\n"
        f"    return ({' + '.join([*names, own])}) % 7 + {1000 * number}\n"
    )


def cells(shape: Shape) -> str:
    """The cells of a whole graph."""
    return "".join(text_of(number, *one) for number, one in enumerate(shape))


def truth(shape: Shape) -> dict[str, int]:
    """What all values are when everything is computed from scratch."""
    space = typed(cells(shape))
    found: dict[str, int] = {}
    for number, (reads, _) in enumerate(shape):
        found[f"a{number}"] = space[f"a{number}"](*[found[f"a{one}"] for one in sorted(reads)])
    return found


@settings(max_examples=30, deadline=None)
@given(shapes())
def test_an_update_respects_edges_and_leaves_everything_fresh(shape: Shape) -> None:
    """Each asset runs after what it reads, and a second run runs nothing."""
    with TemporaryDirectory() as folder, Workspace(folder) as workspace:
        define(workspace, cells(shape))
        ran = words(workspace.materialize().materialized)
        place = {name: at for at, name in enumerate(ran)}
        for number, (reads, _) in enumerate(shape):
            assert all(place[f"a{one}"] < place[f"a{number}"] for one in reads)
        assert all(status.is_fresh for status in workspace.statuses().values())
        assert workspace.materialize().materialized == []


EDITS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 5), st.booleans(), st.booleans()),
    min_size=1,
    max_size=10,
)


@settings(max_examples=60, deadline=None)
@given(shapes(), EDITS)
def test_fresh_is_never_false(shape: Shape, edits: list[tuple[int, int, bool, bool]]) -> None:
    """After any edits, undos and partial updates, what is fresh has the value of a full re-run."""
    shape = list(shape)
    with TemporaryDirectory() as folder, Workspace(folder) as workspace:
        define(workspace, cells(shape))
        for number, variant, update, whole in edits:
            number %= len(shape)
            shape[number] = (shape[number][0], variant)
            define(workspace, text_of(number, *shape[number]))
            if update:
                workspace.materialize(None if whole else f"a{number}")
            expected = truth(shape)
            for key, status in workspace.statuses().items():
                if status.is_fresh:
                    assert workspace.value(key) == expected[str(key)]
        workspace.materialize()
        assert {str(k): workspace.value(k) for k in workspace.graph.keys} == truth(shape)


@settings(max_examples=25, deadline=None)
@given(shapes(6), EDITS, st.integers(0, 5))
def test_a_new_session_sees_what_the_last_one_saw(
    shape: Shape, edits: list[tuple[int, int, bool, bool]], at: int
) -> None:
    """What is kept in memory and what is read from the log say the same."""
    with TemporaryDirectory() as folder:
        with Workspace(folder) as workspace:
            define(workspace, cells(shape))
            for number, variant, update, _ in edits:
                define(
                    workspace, text_of(number % len(shape), shape[number % len(shape)][0], variant)
                )
                if update:
                    workspace.materialize(f"a{at % len(shape)}")
            before = workspace.statuses()
            definitions = [workspace.graph.nodes[key].definition for key in workspace.graph.keys]
        with Workspace(folder) as again:
            again.define(*[one for one in definitions if one is not None])
            after = again.statuses()
        assert {k: (s.state, s.why, s.restorable) for k, s in after.items()} == {
            k: (s.state, s.why, s.restorable) for k, s in before.items()
        }


def test_two_stores_share_nothing(tmp_path: Path) -> None:
    """What was made in one folder is unknown in another."""
    for name in ("one", "two"):
        with Workspace(tmp_path / name) as workspace:
            define(workspace, "@asset\ndef a():\n    return 1\n")
            assert words(workspace.materialize().materialized) == ["a"]
