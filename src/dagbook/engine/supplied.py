"""What a workspace is, besides the rest: somebody who gives resources to runs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dagbook.definitions.keys import AssetKey
from dagbook.engine.listening import Listening
from dagbook.graph.asset_graph import AssetGraph

if TYPE_CHECKING:
    from dagbook.engine.supplying import ConfigLike, Supplying


class Supplied(Listening):
    """The resources and the config of a workspace."""

    @property
    @abstractmethod
    def _supplying(self) -> Supplying:
        """Who keeps the resources and the config."""

    @property
    def resources(self) -> Mapping[str, Any]:
        """What runs are given besides assets, by name."""
        return self._supplying.resources

    @property
    @abstractmethod
    def graph(self) -> AssetGraph:
        """The definitions there are."""

    def is_managed(self, key: AssetKey) -> bool:
        """Whether an I/O manager keeps the asset's value."""
        return self._supplying.keeps(self.graph.nodes.get(key))

    def provide(self, resources: Mapping[str, Any]) -> None:
        """Give runs these resources too; a newer one of a name takes the older one's place."""
        self._supplying.provide(resources)
        self.look_again()

    def configure(self, run_config: ConfigLike) -> None:
        """Configure assets and resources so from now on; raises InvalidConfig."""
        self._supplying.configure(run_config)
        self.look_again()
