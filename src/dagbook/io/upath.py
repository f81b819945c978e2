"""The base of I/O managers that keep each value as one file, on this machine or in a cloud store."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from dagbook.definitions.env import EnvVar
from dagbook.definitions.metadata import MetadataValue
from dagbook.errors.resources import UnknownProtocol
from dagbook.errors.store import NothingStored
from dagbook.io.contexts import InputContext, OutputContext
from dagbook.io.keypaths import key_path
from dagbook.io.manager import IOManager


class UPathIOManager(IOManager):
    """Write `dump_to_path` and `load_from_path`; where the file is follows from the key.

    `base_path`: a folder, or with universal-pathlib an address such as `s3://bucket/values` or a
    UPath. `extension`: the end of each file's name. A local file appears whole or not at all.

    >>> class Texts(UPathIOManager):
    ...     extension = ".txt"
    ...     def dump_to_path(self, context, obj, path):
    ...         path.write_text(obj)
    ...     def load_from_path(self, context, path):
    ...         return path.read_text()
    >>> from dagbook import AssetKey, InputContext, OutputContext
    >>> manager, written = Texts("texts"), OutputContext(key=AssetKey(["a", "b"]))
    >>> manager.handle_output(written, "kept")
    >>> manager.load_input(InputContext(name="b", key=written.key))
    'kept'
    """

    extension: str | None = None

    def __init__(self, base_path: Any, *, storage_options: Mapping[str, Any] | None = None) -> None:
        self._base_path = base_path
        self._storage_options = dict(storage_options or {})

    @abstractmethod
    def dump_to_path(self, context: OutputContext, obj: Any, path: Any) -> None:
        """Write the value to the path."""

    @abstractmethod
    def load_from_path(self, context: InputContext, path: Any) -> Any:
        """Read the value from the path."""

    def get_metadata(self, context: OutputContext, obj: Any) -> Mapping[str, Any]:
        """More to record about a value; by default nothing."""
        return {}

    def handle_output(self, context: OutputContext, obj: Any) -> None:
        """Write the value to its place."""
        path = self.get_path(context)
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(path, Path) and not hasattr(path, "fs"):
            unfinished = path.with_name(f".{uuid4().hex[:8]}-{path.name}")
            try:
                self.dump_to_path(context, obj, unfinished)
                os.replace(unfinished, path)
            finally:
                unfinished.unlink(missing_ok=True)
        else:
            self.dump_to_path(context, obj, path)
        shown = {"path": MetadataValue.path(str(path)), **self.get_metadata(context, obj)}
        context.add_output_metadata(shown)

    def load_input(self, context: InputContext) -> Any:
        """Read the value from its place; raises NothingStored where it was never written."""
        path = self.get_path(context.upstream_output or context)
        try:
            return self.load_from_path(context, path)
        except FileNotFoundError:
            name = "/".join(context.get_identifier())
            raise NothingStored(name=name, where=str(self.base_path)) from None

    @property
    def base_path(self) -> Any:
        """The folder, as a path that can be worked with."""
        base = self._base_path
        if isinstance(base, EnvVar):
            base = base.resolve(f"the base path of {type(self).__name__}")
        if isinstance(base, str) and "://" in base:
            return _universal(base, self._storage_options)
        return Path(base) if isinstance(base, str) else base

    def get_path(self, context: OutputContext | InputContext) -> Any:
        """Where a value is; raises UnsafePath for a key that would lead out of the folder."""
        # Checked as if it were local: no system's rules are looser than ours.
        inside = key_path(Path("/values"), context.get_identifier())
        relative = PurePosixPath(inside.relative_to("/values").as_posix())
        name = relative.name + (self.extension or "")
        return self.base_path.joinpath(*relative.parent.parts, name)


def _universal(address: str, options: Mapping[str, Any]) -> Any:
    # An extra: whose values stay on this machine needs none of it.
    try:
        from upath import UPath
    except ImportError:
        raise UnknownProtocol(path=address) from None
    return UPath(address, **options)
