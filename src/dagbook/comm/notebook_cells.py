"""What the comm asks of a notebook: which cell defines what, and that it lets go of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Protocol, TypeAlias

from dagbook.definitions.keys import AssetCheckKey, AssetKey

AnyKey: TypeAlias = AssetKey | AssetCheckKey


class NotebookCells(Protocol):
    """The cells that define, by their ids.

    `cells` maps a cell to what it defines, `digests` to the digest of the text that was run,
    `made_with` to the data versions of the assets that it read or showed; `is_busy`: a cell runs.
    """

    @property
    def cells(self) -> Mapping[str, tuple[AnyKey, ...]]: ...
    @property
    def digests(self) -> Mapping[str, str]: ...
    @property
    def made_with(self) -> MutableMapping[str, Mapping[AssetKey, str]]: ...
    @property
    def is_busy(self) -> bool: ...
    def forget_cell(self, keys: Iterable[AnyKey], /) -> None: ...
    def recall_cell(self, cell_id: str, keys: tuple[AnyKey, ...], /) -> None: ...
