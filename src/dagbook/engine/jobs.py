"""Definitions of a project, and jobs: selections of them with a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.bundle import Bundle
from dagbook.definitions.keys import KeyLike, check_name
from dagbook.definitions.specs import AssetSpec
from dagbook.engine.once import MaterializeInProcessResult, materialize
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import nearest
from dagbook.errors.definitions import InvalidDefinition, UnknownJob
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
    *,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    config: Any = None,
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
        raise_on_error: bool = True,
        tags: Mapping[str, str] | None = None,
        workspace: Workspace | None = None,
    ) -> MaterializeInProcessResult:
        """Run what the job selects, always; the arguments are those of `materialize`."""
        return materialize(
            self.definitions.definitions,
            selection=_selected(self.job.selection),
            resources={**self.definitions.resources, **(resources or {})},
            run_config=run_config if run_config is not None else self.job.config,
            tags={**self.job.tags, **(tags or {})},
            raise_on_error=raise_on_error,
            workspace=workspace,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions(Bundle):
    """What a project consists of: its assets, checks, resources by name, and jobs.

    Raises InvalidDefinition for what is none of these, or for two jobs of one name.

    >>> from dagbook import asset
    >>> @asset
    ... def orders():
    ...     return [1, 2]
    >>> [str(one) for one in Definitions(assets=[orders]).definitions]
    ['<asset orders>']
    """

    def __post_init__(self) -> None:
        kinds: dict[str, tuple[type, ...]] = {
            "assets": (AssetsDefinition, AssetSpec),
            "asset_checks": (AssetChecksDefinition,),
            "jobs": (UnresolvedJob,),
        }
        for what, allowed in kinds.items():
            for one in getattr(self, what):
                if not isinstance(one, allowed):
                    raise InvalidDefinition(
                        name="Definitions",
                        problem=f"`{what}` holds a {type(one).__name__}",
                        remedy=f"It takes {' and '.join(kind.__name__ for kind in allowed)}.",
                    )
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


def _selected(selection: Selection) -> str | AssetSelection | Sequence[KeyLike] | None:
    """The selection with definitions told as their keys."""
    if selection is None or isinstance(selection, (str, AssetSelection)):
        return selection
    keys: list[KeyLike] = []
    for one in selection:
        keys += one.keys if isinstance(one, AssetsDefinition) else [one]
    return keys
