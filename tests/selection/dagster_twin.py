"""The same random graphs and expressions for dagbook and for Dagster."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterable
from typing import Any

from tests.selection.graphs import Row

with warnings.catch_warnings():
    # What Dagster's own imports warn of is not ours to fail on.
    warnings.simplefilter("ignore")
    import dagster as dg
    from dagster._core.definitions.antlr_asset_selection.antlr_asset_selection import (
        AntlrAssetSelectionParser,
    )
    from dagster._core.definitions.assets.graph.asset_graph import AssetGraph as DagsterGraph

DagsterSelection = dg.AssetSelection
KEYS = (
    *("orders", "raw/orders", "raw/users", "raw_items", "users", "report", "report_v2", "key"),
    *("lonely-one.x", "a", "a/b/c", "Sensor", "sinks", "status", "mart/x", "mart/y"),
)
GROUPS = ("default", "raw", "marts", "marts/eu", "key", "sensor")
KINDS = ("sql", "python", "duckdb", "and")
TAGS = ("tier", "pii", "ns/name")
TAG_VALUES = ("", "1", "two", "job")
OWNERS = ("team:data", "ana@x.io")
PARTITIONS: dict[str | None, Any] = {
    None: None,
    "static": dg.StaticPartitionsDefinition(["x", "y"]),
    "dynamic": dg.DynamicPartitionsDefinition(name="d"),
    "daily": dg.DailyPartitionsDefinition(start_date="2024-01-01"),
}


def random_rows(rng: random.Random) -> list[Row]:
    """A few assets with all kinds of labels; each waits for some of those before it."""
    keys = rng.sample(KEYS, rng.randint(1, len(KEYS)))
    density = rng.choice([0.1, 0.3, 0.6])
    return [
        Row(
            key=key,
            deps=tuple(dep for dep in keys[:place] if rng.random() < density),
            group=rng.choice(GROUPS),
            kinds=tuple(kind for kind in KINDS if rng.random() < 0.3),
            tags={tag: rng.choice(TAG_VALUES) for tag in TAGS if rng.random() < 0.4},
            owners=tuple(owner for owner in OWNERS if rng.random() < 0.3),
            partitions=rng.choice([None, None, "static", "dynamic", "daily"]),
            external=rng.random() < 0.2,
        )
        for place, key in enumerate(keys)
    ]


def dagster_graph(rows: Iterable[Row]) -> DagsterGraph:
    """The rows as Dagster's graph."""
    definitions = [_dagster_definition(place, row) for place, row in enumerate(rows)]
    return DagsterGraph.from_assets(definitions)


def _dagster_definition(place: int, row: Row) -> Any:
    spec = dg.AssetSpec(
        dg.AssetKey.from_user_string(row.key),
        deps=[dg.AssetKey.from_user_string(dep) for dep in row.deps],
        group_name=row.group,
        kinds=set(row.kinds),
        tags=dict(row.tags),
        owners=list(row.owners),
        partitions_def=PARTITIONS[row.partitions],
    )
    if row.external:
        return dg.AssetsDefinition(specs=[spec])

    @dg.multi_asset(specs=[spec], name=f"op_{place}")
    def compute() -> None:
        """Never runs."""

    return compute


def dagster_selection(text: str, *, external: bool = False) -> Any:
    """The selection that Dagster's published grammar reads; raises whatever Dagster raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return AntlrAssetSelectionParser(text, external).asset_selection


def dagster_answer(text: str, graph: DagsterGraph, *, external: bool) -> list[str] | None:
    """The keys that Dagster's published grammar gives; None where it raises anything."""
    try:
        found = dagster_selection(text, external=external).resolve(graph)
    except Exception:
        return None
    return sorted(key.to_user_string() for key in found)


class Expressions:
    """Random texts, mostly of Dagster's grammar, some of them damaged."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def text(self) -> str:
        """One expression; one in four has a token lost, doubled or put elsewhere."""
        pieces = self._union(3)
        if self._rng.random() < 0.25:
            self._damage(pieces)
        return "".join(self._spaced(pieces))

    def _spaced(self, pieces: list[str]) -> Iterable[str]:
        for piece in pieces:
            yield piece
            word = piece in ("and", "or", "not", "AND", "OR", "NOT")
            yield " " if word or self._rng.random() < 0.2 else ""

    def _damage(self, pieces: list[str]) -> None:
        place = self._rng.randrange(len(pieces))
        match self._rng.randrange(3):
            case 0:
                del pieces[place]
            case 1:
                pieces.insert(place, self._rng.choice(pieces))
            case _:
                pieces.insert(
                    place, self._rng.choice(["+", "2", "(", ")", "*", ":", "=", "<null>"])
                )

    def _union(self, depth: int) -> list[str]:
        kind = self._rng.random()
        if depth == 0 or kind < 0.35:
            return self._traversal(depth)
        if kind < 0.5:
            return [self._rng.choice(["not", "NOT"]), *self._union(depth - 1)]
        if kind < 0.55:
            return ["*"]
        operator = self._rng.choice(["and", "or", "AND", "OR"])
        return [*self._union(depth - 1), " ", operator, *self._union(depth - 1)]

    def _traversal(self, depth: int) -> list[str]:
        up = self._rng.choice([[], [], [], ["+"], ["1", "+"], ["0", "+"], ["02", "+"]])
        down = self._rng.choice([[], [], [], ["+"], ["+", "1"], ["+", "0"], ["+", "3"]])
        return [*up, *self._operand(depth), *down]

    def _operand(self, depth: int) -> list[str]:
        kind = self._rng.random()
        if depth == 0 or kind < 0.6:
            return self._attribute()
        name = ["sinks"] if kind < 0.72 else ["roots"] if kind < 0.84 else []
        return [*name, "(", *self._union(depth - 1), ")"]

    def _attribute(self) -> list[str]:
        match self._rng.randrange(8):
            case 0 | 1 | 2:
                return ["key", ":", self._value([*KEYS, *_PATTERNS])]
            case 3:
                return ["tag", ":", self._value(TAGS), *self._tag_value()]
            case 4:
                return ["group", ":", self._value([*GROUPS, "marts*", "*", "<null>"])]
            case 5:
                return ["kind", ":", self._value([*KINDS, "<null>"])]
            case 6:
                return ["owner", ":", self._value([*OWNERS, "<null>"])]
        return self._rng.choice(
            [["is", ":", word] for word in ("external", "materializable", "nope")]
            + [["partitions", ":", word] for word in ("none", "<null>", "static", "time", "odd")]
            + [["tag", ":", '"dagster/kind/sql"']]
        )

    def _tag_value(self) -> list[str]:
        return self._rng.choice([[], ["=", self._value([*TAG_VALUES, "<null>"])]])

    def _value(self, known: Iterable[str]) -> str:
        value = self._rng.choice(list(known))
        return value if self._rng.random() < 0.3 or value == "<null>" else f'"{value}"'


_PATTERNS = ("raw*", "*s", "*", "raw/*", "*r*t*", "nope", "", "r*/*s", "**")


class Calls:
    """Random chains of calls, made on Dagster's `AssetSelection` and on ours alike."""

    def __init__(self, rng: random.Random, rows: Iterable[Row]) -> None:
        self._rng = rng
        self._keys = [row.key for row in rows]

    def pair(self, depth: int, ours: Any, theirs: Any) -> tuple[Any, Any]:
        """The same selection built by both classes."""
        if depth == 0:
            return self._leaf(ours, theirs)
        one = self.pair(depth - 1, ours, theirs)
        name = self._rng.choice(["or", "and", "sub", "upstream", "downstream", "sinks", "roots"])
        if name in ("or", "and", "sub"):
            other = self.pair(depth - 1, ours, theirs)
            method = f"__{name}__"
            return getattr(one[0], method)(other[0]), getattr(one[1], method)(other[1])
        options: dict[str, Any] = {}
        if name.endswith("stream"):
            options["depth"] = self._rng.choice([None, 0, 1, 2])
            options["include_self"] = self._rng.random() < 0.7
        return getattr(one[0], name)(**options), getattr(one[1], name)(**options)

    def _leaf(self, ours: Any, theirs: Any) -> tuple[Any, Any]:
        wide = self._rng.random() < 0.3
        name, arguments = self._rng.choice(
            [
                ("assets", (self._rng.choice(self._keys).split("/"),)),
                ("assets", tuple(key.split("/") for key in self._keys[:3])),
                ("all", (wide,)),
                ("kind", (self._rng.choice([*KINDS, None]), wide)),
                ("tag", (self._rng.choice(TAGS), self._rng.choice(TAG_VALUES), wide)),
                ("owner", (self._rng.choice(OWNERS),)),
                ("key_substring", ("r", wide)),
            ]
        )
        return getattr(ours, name)(*arguments), getattr(theirs, name)(*arguments)
