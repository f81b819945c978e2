"""The resources and the config that a workspace gives to its runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.observable import ObservableSource
from dagbook.engine.sources import Sources
from dagbook.execution.configs import configured
from dagbook.execution.managed import load_managed
from dagbook.execution.supplies import Supplies, code_given, given_digests
from dagbook.execution.supply import Provided, Supply
from dagbook.execution.supply_faults import require
from dagbook.execution.world import World
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.planning.plan import Plan
from dagbook.resources.lifetimes import OpenResources
from dagbook.resources.run_config import NO_CONFIG, RunConfig

ConfigLike = RunConfig | Mapping[str, Any] | None


class Supplying:
    """Keeps what runs are given; every run gets it as it is at that moment.

    >>> supplying = Supplying({"limit": 3})
    >>> supplying.supplies("run").resources["limit"]
    3
    """

    def __init__(self, resources: Mapping[str, Any] | None = None) -> None:
        self._resources = dict(resources or {})
        self._config = NO_CONFIG
        self._sources = Sources()
        self._whole = Supplies(resources=self._resources)

    @property
    def resources(self) -> Mapping[str, Any]:
        """The resources by name."""
        return self._resources

    def provide(self, resources: Mapping[str, Any]) -> None:
        """Give these resources too; one of a known name takes the place of the older one."""
        self._resources = {**self._resources, **resources}
        self._settle()

    def configure(self, config: ConfigLike) -> None:
        """From now on runs are configured so; None leaves it as it is. Raises InvalidConfig."""
        if config is None:
            return
        before, self._config = self._config, RunConfig.of(config)
        try:
            self._settle()
        except Exception:
            self._config = before
            raise

    def supplies(self, run_id: str, *, capture: bool = False) -> Supplies:
        """What one run gives; whoever asks closes its `opened` when the run is over."""
        return Supplies(
            resources=self._whole.resources,
            config=self._config,
            opened=OpenResources(run_id),
            capture=capture,
        )

    def give(self, world: World, plan: Plan, *, capture: bool = False) -> World:
        """The world of a run with what it is given.

        Raises InvalidConfig with everything that the plan would lack.
        """
        require(world.graph, self._whole, plan.keys, plan.checks)
        return replace(world, supplies=self.supplies(world.run_id, capture=capture))

    def digests(self, graph: AssetGraph, salt: bytes) -> Mapping[AssetKey, Mapping[str, str]]:
        """What each asset is given, so that a change of it makes the asset stale."""
        return given_digests(graph, self._whole, salt)

    def code(self, node: AssetNode | CheckNode) -> Mapping[str, object]:
        """The code of the resources that a computation uses."""
        return code_given(node, self._whole)

    def ask(self, source: ObservableSource) -> str | None:
        """The version of an observable source's data; None where its function says nothing."""
        return self._sources.version(source, self._whole)

    def ask_anew(self) -> None:
        """Ask all observable sources at the next look, also those that take long to answer."""
        self._sources.forget()

    def keeps(self, node: AssetNode | None) -> bool:
        """Whether an I/O manager keeps the asset's value."""
        return node is not None and self._whole.output_of(node) is not None

    def load(self, node: AssetNode) -> Any:
        """The value that the asset's I/O manager keeps; raises ValueMissing where it has none."""
        managed = self._whole.output_of(node)
        assert managed is not None
        declared = self._whole.declared(node)
        opened = OpenResources("")
        try:
            supply = Supply(owner=str(node.key), declared=declared)
            return load_managed(node.key.name, node.key, managed, Provided(supply, opened), None)
        finally:
            opened.close()

    def _settle(self) -> None:
        resources = configured(self._resources, self._config)
        self._sources.forget()
        self._whole = Supplies(resources=resources, config=self._config)
