"""Definitions of a project, and jobs: selections of them with a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from dagbook.definitions.arguments import by_name, several
from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.bundle import Bundle
from dagbook.definitions.keys import check_name
from dagbook.definitions.specs import AssetSpec
from dagbook.engine.once import MaterializeInProcessResult, materialize
from dagbook.engine.together import each_once
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import nearest
from dagbook.errors.definitions import InvalidDefinition, UnknownJob
from dagbook.graph.asset_graph import AssetGraph
from dagbook.records import dataclass
from dagbook.selection.fluent import AssetSelection

Selection = str | AssetSelection | Sequence[Any] | None
NONE: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnresolvedJob:
    """A job as it is declared, of definitions that it does not know yet."""

    name: str
    selection: Selection = None
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=lambda: NONE)
    config: Any = None


def define_asset_job(
    name: str,
    selection: Selection = None,
    config: Any = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> UnresolvedJob:
    """A job: what `selection` names of the Definitions that it is handed to; everything by default.

    `selection`: an expression, an AssetSelection, or keys and definitions; `config`: a RunConfig.
    Raises InvalidName.

    >>> from dagbook import Definitions, asset
    >>> @asset
    ... def orders():
    ...     return [1, 2]
    >>> job = define_asset_job("nightly", "orders")
    >>> Definitions(assets=[orders], jobs=[job]).get_job_def("nightly").execute_in_process().success
    True
    """
    return UnresolvedJob(
        name=check_name(name, "job"),
        selection=selection,
        description=description,
        tags=tags or NONE,
        config=config,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDefinition:
    """A job of certain definitions, which can be run."""

    job: UnresolvedJob
    definitions: Definitions

    @property
    def name(self) -> str:
        """Its name."""
        return self.job.name

    def execute_in_process(
        self,
        *,
        run_config: Any = None,
        resources: Mapping[str, Any] | None = None,
        asset_selection: Sequence[Any] | None = None,
        raise_on_error: bool = True,
        tags: Mapping[str, str] | None = None,
        workspace: Workspace | None = None,
    ) -> MaterializeInProcessResult:
        """Run what the job selects, always; the arguments are those of `materialize`.

        `asset_selection`: only these of its assets, given as keys, names or definitions; one that
        the job does not run raises InvalidDefinition.
        """
        return materialize(
            self.definitions.definitions,
            selection=self._selected(asset_selection),
            resources={**self.definitions.resources, **(resources or {})},
            run_config=run_config if run_config is not None else self.job.config,
            tags={**self.job.tags, **(tags or {})},
            raise_on_error=raise_on_error,
            workspace=workspace,
        )

    def _selected(self, narrowed: Sequence[Any] | None) -> AssetSelection | None:
        """What the job selects, or just these of its assets; None for everything."""
        declared = self.job.selection
        whole = None if declared is None else AssetSelection.from_coercible(declared)
        if narrowed is None:
            return whole
        only = AssetSelection.assets(*narrowed)
        if whole is None:
            return only
        graph = AssetGraph.of(*self.definitions.definitions)
        stray = graph.sorted(only.resolve(graph, allow_missing=False) - whole.resolve(graph))
        if stray:
            raise InvalidDefinition(
                name=self.name,
                problem=f"the job does not run {', '.join(f'`{key}`' for key in stray)}",
                remedy="Name only assets of its own selection.",
            )
        return whole & only


@dataclass(frozen=True, slots=True)
class Definitions(Bundle):
    """What a project consists of: its assets, checks, resources by name, and jobs.

    Raises InvalidDefinition for what is none of these, or for two jobs of one name, and
    DuplicateKey.

    >>> from dagbook import asset
    >>> @asset
    ... def orders():
    ...     return [1, 2]
    >>> [str(one) for one in Definitions(assets=[orders]).definitions]
    ['<asset orders>']
    """

    def __post_init__(self) -> None:
        for what in ("assets", "asset_checks", "jobs", "resources"):
            if getattr(self, what) is None:
                object.__setattr__(self, what, {} if what == "resources" else ())
        kinds: dict[str, tuple[type, ...]] = {
            "assets": (AssetsDefinition, AssetSpec),
            "asset_checks": (AssetChecksDefinition,),
            "jobs": (UnresolvedJob,),
        }
        for what, allowed in kinds.items():
            for one in several("Definitions", what, getattr(self, what)):
                if not isinstance(one, allowed):
                    raise InvalidDefinition(
                        name="Definitions",
                        problem=f"`{what}` holds a {type(one).__name__}",
                        remedy=f"It takes {' and '.join(kind.__name__ for kind in allowed)}.",
                    )
        by_name("Definitions", "resources", self.resources)
        each_once(self.definitions)
        names = [job.name for job in self.jobs]
        for name in names:
            if names.count(name) > 1:
                raise InvalidDefinition(
                    name="Definitions",
                    problem=f"two jobs are called `{name}`",
                    remedy="Rename one of them.",
                )

    def get_job_def(self, name: str) -> JobDefinition:
        """The job of this name; raises UnknownJob with suggestions."""
        for job in self.jobs:
            if job.name == name:
                return JobDefinition(job=job, definitions=self)
        known = [job.name for job in self.jobs]
        raise UnknownJob(name=name, suggestions=nearest(name, known))

    def resolve_job_def(self, name: str) -> JobDefinition:
        """The same as `get_job_def`."""
        return self.get_job_def(name)
