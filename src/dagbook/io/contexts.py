"""What an I/O manager is told about the value that it writes or reads."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.errors.store import NoAssetKey
from dagbook.records import dataclass

_LOG = logging.getLogger("dagbook")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputContext:
    """The output that is to be written.

    `key` is None for a value between ops, which is then known by run, step and output name, and by
    `mapping_key` where it is one of the values of a dynamic output.

    >>> OutputContext(key=AssetKey(["raw", "flights"])).get_identifier()
    ['raw', 'flights']
    """

    key: AssetKey | None = None
    name: str = "result"
    step_key: str = ""
    run_id: str = ""
    mapping_key: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    resources: Any = None
    log: logging.Logger = _LOG
    added_metadata: dict[str, MetadataValue] = field(default_factory=dict)

    @property
    def has_asset_key(self) -> bool:
        """Whether the value is an asset's."""
        return self.key is not None

    @property
    def asset_key(self) -> AssetKey:
        """The asset's key; raises NoAssetKey for a value between ops."""
        return _asset_key(self.key, self.name)

    @property
    def definition_metadata(self) -> Mapping[str, Any]:
        """The metadata of the definition."""
        return self.metadata

    def get_asset_identifier(self) -> list[str]:
        """The parts of the asset's key; raises NoAssetKey for a value between ops."""
        return list(self.asset_key.path)

    def get_identifier(self) -> list[str]:
        """The parts of a name under which the value can be kept."""
        if self.key is not None:
            return list(self.key.path)
        entry = [] if self.mapping_key is None else [self.mapping_key]
        return [self.run_id, self.step_key, self.name, *entry]

    def add_output_metadata(self, metadata: Mapping[str, Any]) -> None:
        """Record more about the value, by name; it is shown with the materialization."""
        for name, value in metadata.items():
            self.added_metadata[name] = MetadataValue.of(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputContext:
    """The input that is to be read; `upstream_output` is the context it was written with.

    >>> InputContext(name="orders", key=AssetKey(["raw", "orders"])).get_identifier()
    ['raw', 'orders']
    """

    name: str
    key: AssetKey | None = None
    upstream_output: OutputContext | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    type_annotation: Any = None
    resources: Any = None
    log: logging.Logger = _LOG

    @property
    def has_asset_key(self) -> bool:
        """Whether the value is an asset's."""
        return self.key is not None

    @property
    def asset_key(self) -> AssetKey:
        """The asset's key; raises NoAssetKey for a value between ops."""
        return _asset_key(self.key, self.name)

    @property
    def definition_metadata(self) -> Mapping[str, Any]:
        """The metadata of the definition."""
        return self.metadata

    def get_asset_identifier(self) -> list[str]:
        """The parts of the asset's key; raises NoAssetKey for a value between ops."""
        return list(self.asset_key.path)

    def get_identifier(self) -> list[str]:
        """The parts of the name under which the value was kept."""
        if self.key is not None:
            return list(self.key.path)
        if self.upstream_output is not None:
            return self.upstream_output.get_identifier()
        raise NoAssetKey(name=self.name)


def _asset_key(key: AssetKey | None, name: str) -> AssetKey:
    if key is None:
        raise NoAssetKey(name=name)
    return key
