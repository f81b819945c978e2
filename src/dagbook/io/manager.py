"""What a user writes to keep values in a place of their own: the I/O manager."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from dagbook.definitions.resource import ResourceDefinition
from dagbook.errors.store import NothingStored
from dagbook.io.contexts import InputContext, OutputContext
from dagbook.io.handout import hand_out


class IOManager(ABC):
    """Writes the values of assets somewhere and reads them again.

    A value whose manager does not say `digests_values` counts as new data with every run; one that
    is `in_process` is not used in worker processes, whose memory is their own.

    >>> class Upper(IOManager):
    ...     def __init__(self):
    ...         self.kept = {}
    ...     def handle_output(self, context, obj):
    ...         self.kept[context.name] = obj.upper()
    ...     def load_input(self, context):
    ...         return self.kept[context.upstream_output.name]
    >>> manager, written = Upper(), OutputContext(name="word")
    >>> manager.handle_output(written, "word")
    >>> manager.load_input(InputContext(name="w", upstream_output=written))
    'WORD'
    """

    digests_values: ClassVar[bool] = True
    in_process: ClassVar[bool] = False

    @abstractmethod
    def handle_output(self, context: OutputContext, obj: Any) -> None:
        """Write the value `obj` of the output that `context` describes."""

    @abstractmethod
    def load_input(self, context: InputContext) -> Any:
        """Read the value of the input that `context` describes."""


class InMemoryIOManager(IOManager):
    """Keeps values in this process for as long as it lives; every reader gets its own.

    >>> manager, written = InMemoryIOManager(), OutputContext(name="n", run_id="r", step_key="s")
    >>> manager.handle_output(written, [1])
    >>> manager.load_input(InputContext(name="n", upstream_output=written))
    [1]
    """

    in_process = True

    def __init__(self) -> None:
        self.values: dict[tuple[str, ...], Any] = {}

    def handle_output(self, context: OutputContext, obj: Any) -> None:
        """Keep the value under its identifier."""
        self.values[tuple(context.get_identifier())] = obj

    def load_input(self, context: InputContext) -> Any:
        """A value of the reader's own; raises NothingStored where none was written."""
        identifier = tuple(context.get_identifier())
        if identifier not in self.values:
            raise NothingStored(name="/".join(identifier), where="memory")
        return hand_out(self.values[identifier]).value


mem_io_manager = ResourceDefinition(
    InMemoryIOManager,
    description="A new in-memory I/O manager for each run, so that no run sees another's values.",
    in_process=True,
)
