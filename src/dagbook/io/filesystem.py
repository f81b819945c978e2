"""An I/O manager that keeps each asset as one file below a folder of the user's, by its key."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dagbook.definitions.env import EnvVar
from dagbook.errors.store import NothingStored, NotLoadable
from dagbook.io.contexts import InputContext, OutputContext
from dagbook.io.faults import naming, store_error
from dagbook.io.formats.choice import PICKLED
from dagbook.io.keypaths import key_path
from dagbook.io.manager import IOManager
from dagbook.io.mapping import open_bytes
from dagbook.io.sink import Sink


class FilesystemIOManager(IOManager):
    """Pickles each value to `base_dir/part/of/key`; a file appears whole or not at all.

    Raises UnsafePath for a key that would leave the folder or that some system cannot write.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     manager, written = FilesystemIOManager(folder), OutputContext(run_id="r", step_key="s")
    ...     manager.handle_output(written, {"a": 1})
    ...     manager.load_input(InputContext(name="x", upstream_output=written))
    {'a': 1}
    """

    def __init__(self, base_dir: str | os.PathLike[str]) -> None:
        self._base_dir = base_dir

    @property
    def base_dir(self) -> Path:
        """The folder; an EnvVar gives it when it is needed."""
        if isinstance(self._base_dir, EnvVar):
            return Path(self._base_dir.resolve("the folder of FilesystemIOManager"))
        return Path(self._base_dir)

    def handle_output(self, context: OutputContext, obj: Any) -> None:
        """Write the value, durably, in place of an older one."""
        path = key_path(self.base_dir, context.get_identifier())
        with naming(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
        sink = Sink(path.parent, limit=-1)
        try:
            PICKLED.dump(obj, sink)
            sink.sync()
            assert sink.path is not None
            os.replace(sink.path, path)
        except OSError as error:
            raise store_error(error, path, needed=sink.size) from error
        finally:
            sink.close()
        context.add_output_metadata({"path": str(path)})

    def load_input(self, context: InputContext) -> Any:
        """Read the value; raises NothingStored where it was never written."""
        identifier = context.get_identifier()
        path = key_path(self.base_dir, identifier)
        try:
            view = open_bytes(path)
        except FileNotFoundError:
            name = "/".join(identifier)
            raise NothingStored(name=name, where=str(self.base_dir)) from None
        except OSError as error:
            raise store_error(error, path) from error
        try:
            return PICKLED.load(view)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
            raise NotLoadable(address=path.name, format="pickle", problem=problem) from error
