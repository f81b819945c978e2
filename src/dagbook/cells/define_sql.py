"""From a parsed query to the definition that joins the graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from dagbook.cells.define import PLAIN, Running
from dagbook.cells.query import SqlQuery, in_form, indexes_unseen
from dagbook.cells.sql import QueryAnalysis, parse_query
from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Upkeep
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import OpDefinition, Parameter
from dagbook.definitions.origin import Origin
from dagbook.definitions.results import Output
from dagbook.definitions.specs import AssetCheckSpec, AssetSpec
from dagbook.records import dataclass
from dagbook.versions.rows import RowsVersion, multiset_version


class TableQuery:
    """A query as the function of an asset: its inputs by their names as the query writes them.

    Tables that are no inputs are frames of the notebook, followed by their content. `moments` is
    what gives another result in every run, where nothing says for how long one is good.
    """

    def __init__(
        self, query: SqlQuery, inputs: frozenset[str], moments: tuple[str, ...] = ()
    ) -> None:
        self.query = query
        self.inputs = inputs
        self.moments = moments
        self.__name__ = "query"

    def __call__(self, **inputs: Any) -> Output[Any]:
        """Run the query; of a result without an order it is told which rows they are."""
        table = self.query(**inputs, **self._frames())
        form, rows = self.query.consumers_get, None
        if not self.query.analysis.ordered:
            rows = RowsVersion(f"{form} {multiset_version(table).digest}")
        return Output(in_form(table, form), data_version=rows)

    def __dagbook_says__(self, **inputs: Any) -> tuple[str, ...]:
        """What is to be read below the result of a run."""
        return indexes_unseen({**inputs, **self._frames()})

    def __dagbook_code__(self) -> tuple[str, ...]:
        return (*self.query.__dagbook_code__(), self.query.consumers_get)

    def __dagbook_reads__(self) -> Mapping[str, object]:
        space = self.query.namespace
        scalars = [name for name in self.query.analysis.placeholders if name not in self.inputs]
        return {**self._frames(), **{name: space[name] for name in scalars if name in space}}

    def __dagbook_untracked__(self) -> Mapping[str, str]:
        """What can't be tracked, and why."""
        reason = "gives another result in every run; `--max-age` says how long one is good for"
        return {name: f"`{name}` {reason}" for name in self.moments}

    def _frames(self) -> dict[str, Any]:
        space = self.query.namespace
        names = [table.name for table in self.query.analysis.tables]
        return {name: space[name] for name in names if name not in self.inputs and name in space}


class RowsQuery(TableQuery):
    """A query as the function of a check: the rows that it gives are the failing ones."""

    def __call__(self, **inputs: Any) -> Any:
        """The failing rows as a frame."""
        return in_form(self.query(**inputs, **self._frames()), self.query.consumers_get)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SqlBody:
    """A parsed query that is bound anew for each set of names that turn out to be assets.

    `aging`: it was declared for how long a result is good.
    """

    analysis: QueryAnalysis
    name: str
    function: type[TableQuery]
    namespace: dict[str, Any] = field(repr=False)
    origin: Origin
    running: Running = PLAIN
    consumers_get: str = "pandas"
    aging: bool = False

    @property
    def candidates(self) -> frozenset[str]:
        """The names that may turn out to be assets."""
        tables = [table.name for table in self.analysis.tables]
        return frozenset((*tables, *self.analysis.placeholders))

    @property
    def ins(self) -> dict[str, AssetKey]:
        """Tables that are written with a schema name the key by their whole path."""
        return {t.name: AssetKey(t.path) for t in self.analysis.tables if len(t.path) > 1}

    def bind(self, inputs: tuple[str, ...]) -> OpDefinition:
        """The op whose parameters are these names, and tables that nothing defines yet."""
        undefined = [
            table.name
            for table in self.analysis.tables
            if table.name not in inputs and table.name not in self.namespace
        ]
        names = (*inputs, *undefined)
        query = SqlQuery(self.analysis, self.namespace, self.consumers_get)
        moments = () if self.aging else self.analysis.moments
        return OpDefinition(
            name=self.name,
            fn=self.function(query, frozenset(names), moments),
            ins=tuple([Parameter(name) for name in names]),
            retry_policy=self.running.retry_policy,
            timeout=self.running.timeout,
            origin=self.origin,
        )


def sql_asset(
    text: str,
    spec: AssetSpec,
    *,
    ins: Mapping[str, AssetKey],
    upkeep: Upkeep,
    namespace: dict[str, Any],
    origin: Origin,
    running: Running = PLAIN,
    consumers_get: str = "pandas",
) -> AssetsDefinition:
    """The asset that a query makes; raises SqlSyntaxError or NotOneQuery with the place."""
    analysis = parse_query(text, 2, name=str(spec.key), where=origin.where)
    body = SqlBody(
        analysis=analysis,
        name=spec.key.name,
        function=TableQuery,
        namespace=namespace,
        origin=origin,
        running=running,
        consumers_get=consumers_get,
        aging=upkeep.max_age is not None,
    )
    watched = tuple(dict.fromkeys((*upkeep.reads, *analysis.files)))
    return AssetsDefinition(
        op=body.bind(()),
        specs=(spec,),
        ins={**body.ins, **ins},
        key_prefix=spec.key.path[:-1],
        candidates=body.candidates,
        bind=body.bind,
        strict_deps=True,
        upkeep=Upkeep(
            reads=watched, always=upkeep.always, max_age=upkeep.max_age, lazy=upkeep.lazy
        ),
    )


def sql_check(
    text: str,
    spec: AssetCheckSpec,
    *,
    severity: str,
    namespace: dict[str, Any],
    origin: Origin,
) -> AssetChecksDefinition:
    """The check whose failing rows a query gives."""
    analysis = parse_query(text, 2, name=spec.name, where=origin.where)
    body = SqlBody(
        analysis=analysis,
        name=spec.name,
        function=RowsQuery,
        namespace=namespace,
        origin=origin,
    )
    return AssetChecksDefinition(
        op=body.bind(()),
        specs=(spec,),
        ins=body.ins,
        candidates=body.candidates,
        bind=body.bind,
        severity=severity,
    )
