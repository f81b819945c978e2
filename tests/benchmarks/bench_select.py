"""The speed of the selection language, beside Dagster's, at 10,000 and 100,000 assets."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from dagbook.graph.asset_graph import AssetGraph
from dagbook.selection.parser import parse
from dagbook.selection.resolution import resolve
from tests.benchmarks.row import Row
from tests.selection.dagster_twin import dagster_graph, dagster_selection
from tests.selection.graphs import Row as Asset
from tests.selection.graphs import graph_of

LAYERS = 50
COMPARED, LARGE = 10_000, 100_000
DEEP = "(" * 20 + "key:a" + ")" * 20
# How often the reference runs where one run takes seconds.
ONCE = 1


@dataclass(frozen=True, slots=True)
class Goal:
    """The seconds that a question may take, and how many times faster than Dagster it is to be."""

    limit: float
    times_faster: float
    timed: int = 5


PARSED = {'key:"x"+': Goal(50e-6, 2.5), DEEP: Goal(500e-6, 2.5)}
# At 10,000 assets; `key:x` stands for the asset that leads to most others.
RESOLVED = {
    "key:x+": Goal(3e-3, 9),
    'tag:layer="7"': Goal(50e-6, 380),
    "kind:sql": Goal(50e-6, 380),
    "sinks(key:x+)": Goal(10e-3, 490, ONCE),
    "sinks(*)": Goal(1e-3, 10_000, ONCE),
}
LARGE_LIMIT = 0.1


def assets(count: int) -> list[Asset]:
    """A layered random graph with about 1.5 dependencies an asset and some labels."""
    rng = random.Random(count)
    wide = count // LAYERS
    return [
        Asset(
            key=f"a{place}",
            deps=_deps(place, wide, rng),
            group=f"g{place % 50}",
            kinds=("sql",) if place % 10 == 0 else ("python",),
            tags={"layer": str(place // wide)},
        )
        for place in range(count)
    ]


def _deps(place: int, wide: int, rng: random.Random) -> tuple[str, ...]:
    layer = place // wide
    if layer == 0:
        return ()
    above = {(layer - 1) * wide + rng.randrange(wide) for _ in range(rng.choice([1, 2]))}
    return tuple(f"a{parent}" for parent in sorted(above))


def widest(graph: AssetGraph) -> str:
    """The asset of the first fifty that leads to most others."""
    reach = {key: len(resolve(parse(f"{key}+"), graph)) for key in graph.keys[:50]}
    return str(max(reach, key=reach.__getitem__))


def median(times: int, act: Callable[[], object]) -> float:
    """The median time of one act, in seconds, after one to warm up where it is timed twice."""
    if times > 1:
        act()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """Parsing and resolving beside Dagster, and resolving on the large graph, at sizes of their own.

    In one round only, what takes Dagster many seconds is held against its limit alone.
    """
    return [*_parsing(), *_resolving(rounds > 1), *_large()] if assets <= 1_000 else []


def _beside(
    name: str, goal: Goal, ours: Callable[[], object], theirs: Callable[[], object]
) -> list[Row]:
    """One row against Dagster, and one against the time that it may take."""
    seconds, reference = median(50, ours), median(goal.timed, theirs)
    return [
        Row(
            name=name,
            ours_seconds=seconds,
            reference="Dagster",
            reference_seconds=reference,
            ratio=seconds / reference,
            goal=1 / goal.times_faster,
        ),
        _limited(name, seconds, goal.limit),
    ]


def _limited(name: str, seconds: float, limit: float) -> Row:
    return Row(
        name=name,
        ours_seconds=seconds,
        reference="the time it may take",
        reference_seconds=limit,
        ratio=seconds / limit,
        goal=1,
    )


def _parsing() -> list[Row]:
    found: list[Row] = []
    for text, goal in PARSED.items():
        name = "parse 20 levels" if text is DEEP else f"parse {text}"
        found += _beside(name, goal, partial(parse, text), partial(dagster_selection, text))
    return found


def _resolving(thorough: bool) -> list[Row]:
    given = assets(COMPARED)
    ours, theirs = graph_of(given), dagster_graph(given)
    start = widest(ours)
    found: list[Row] = []
    for form, goal in RESOLVED.items():
        text = form.replace("key:x", f"key:{start}")
        name = f"resolve {form}, {COMPARED:,} assets"
        own = partial(resolve, parse(text), ours)
        if thorough or "sinks" not in form:
            other = partial(dagster_selection(text).resolve, theirs)
            found += _beside(name, goal, own, other)
        else:
            found.append(_limited(name, median(50, own), goal.limit))
    return found


def _large() -> list[Row]:
    graph = graph_of(assets(LARGE))
    start = widest(graph)
    found = []
    for form in RESOLVED:
        act = partial(resolve, parse(form.replace("key:x", f"key:{start}")), graph)
        name = f"resolve {form}, {LARGE:,} assets"
        first, again = median(1, act), median(7, act)
        found.append(_limited(name, again, LARGE_LIMIT))
        found.append(_limited(f"{name}, first time", first, LARGE_LIMIT))
    return found


if __name__ == "__main__":
    for row in rows():
        print(
            f"{row.name:52} {row.ours_seconds * 1e3:10.3f} ms, {row.ratio:8.5f} of {row.reference}"
            f" (goal {row.goal:.5f})"
        )
