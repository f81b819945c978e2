"""Resources with checked fields, that set themselves up for a run and clear up after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Self

from dagbook.io.manager import IOManager
from dagbook.resources.contexts import InitResourceContext
from dagbook.resources.late import LateModel


class ConfigurableResource(LateModel):
    """The base of a class whose instances bodies use in a run.

    A field may be an EnvVar, or another resource. A run works with a copy of its own: it calls
    `setup_for_execution` before the first use and `teardown_after_execution` at the end, also after
    a failure; or overrides `yield_for_execution`, a context manager that gives the resource. State
    of a run belongs in pydantic's private attributes, since fields can't be changed.

    >>> from dagbook import asset, materialize
    >>> class Greeter(ConfigurableResource):
    ...     word: str
    ...     def greet(self, name):
    ...         return f"{self.word}, {name}"
    >>> @asset
    ... def welcome(greeter: Greeter):
    ...     return greeter.greet("Ada")
    >>> materialize([welcome], resources={"greeter": Greeter(word="Hello")}).asset_value("welcome")
    'Hello, Ada'
    """

    __dagbook_role__: ClassVar[str] = "resource"

    def setup_for_execution(self, context: InitResourceContext) -> None:
        """Get ready for a run; by default there is nothing to do."""

    def teardown_after_execution(self, context: InitResourceContext) -> None:
        """Clear up after a run, however it ended; by default there is nothing to do."""

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator[Any]:
        """Give the resource, set up, and tear it down afterwards."""
        self.setup_for_execution(context)
        try:
            yield self.create_resource(context)
        finally:
            self.teardown_after_execution(context)

    def create_resource(self, context: InitResourceContext) -> Any:
        """What bodies get: the resource itself by default."""
        return self

    def process_config_and_initialize(self) -> Self:
        """A copy with what the environment says now, for use outside of runs."""
        return self.at_run(f"the resource {type(self).__name__}")


class ConfigurableIOManager(ConfigurableResource, IOManager):
    """The base of an I/O manager with checked fields.

    A user's own, in ten lines:

    >>> import json, pathlib
    >>> class JsonFolder(ConfigurableIOManager):
    ...     folder: str
    ...     def path(self, context):
    ...         return pathlib.Path(self.folder, *context.asset_key.path).with_suffix(".json")
    ...     def handle_output(self, context, obj):
    ...         self.path(context).parent.mkdir(parents=True, exist_ok=True)
    ...         self.path(context).write_text(json.dumps(obj))
    ...     def load_input(self, context):
    ...         return json.loads(self.path(context).read_text())
    >>> from dagbook import asset, materialize
    >>> @asset(key_prefix="raw")
    ... def orders():
    ...     return [3, 4]
    >>> @asset
    ... def total(orders):
    ...     return sum(orders)
    >>> kept = {"io_manager": JsonFolder(folder="kept")}
    >>> materialize([orders, total], resources=kept).asset_value("total")
    7
    >>> pathlib.Path("kept/raw/orders.json").read_text()
    '[3, 4]'
    """
