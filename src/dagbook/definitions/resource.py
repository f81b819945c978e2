"""Resources that are made by a function: a value that a run asks for, made once and cleared up."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any, overload

from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class ResourceDefinition:
    """A function whose result is a resource; made by `resource` or `io_manager`.

    `fn` takes nothing, or the context of the run with the resources that it needs itself. A
    generator gives the resource by `yield`; what follows runs when the run is over. One that is
    `in_process` keeps what it is told in memory, so that no other process can use it.

    >>> ResourceDefinition.hardcoded_resource(3)()
    3
    """

    fn: Callable[..., Any]
    required_resource_keys: frozenset[str] = frozenset()
    description: str | None = None
    in_process: bool = False

    @staticmethod
    def hardcoded_resource(value: Any) -> ResourceDefinition:
        """A resource that is always this value."""
        return ResourceDefinition(lambda: value)

    @property
    def takes_context(self) -> bool:
        """Whether the function wants the context of the run."""
        return any(
            parameter.default is parameter.empty
            and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
            for parameter in inspect.signature(self.fn).parameters.values()
        )

    def __call__(self, context: Any = None) -> Any:
        """Call the function, as a test does."""
        return self.fn(context) if self.takes_context else self.fn()


@overload
def resource(fn: Callable[..., Any], /) -> ResourceDefinition: ...
@overload
def resource(
    *, required_resource_keys: Iterable[str] = (), description: str | None = None
) -> Callable[[Callable[..., Any]], ResourceDefinition]: ...
def resource(fn: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a resource of a function; a generator clears up after its `yield`, also after a failure.

    `required_resource_keys`: resources that it takes from its context; `description` defaults to
    the docstring.

    >>> @resource
    ... def connection():
    ...     yield "open"
    ...     print("closed")
    >>> from dagbook import asset, materialize
    >>> @asset(required_resource_keys={"connection"})
    ... def orders(context):
    ...     return context.resources.connection
    >>> materialize([orders], resources={"connection": connection}).asset_value("orders")
    closed
    'open'
    """
    if fn is not None:
        return _definition(fn)
    return lambda body: _definition(body, **options)


def _definition(
    fn: Callable[..., Any],
    required_resource_keys: Iterable[str] = (),
    description: str | None = None,
) -> ResourceDefinition:
    keys = frozenset(required_resource_keys)
    return ResourceDefinition(fn, keys, description or inspect.getdoc(fn))


@overload
def io_manager(fn: Callable[..., Any], /) -> ResourceDefinition: ...
@overload
def io_manager(
    *, required_resource_keys: Iterable[str] = (), description: str | None = None
) -> Callable[[Callable[..., Any]], ResourceDefinition]: ...
def io_manager(fn: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make an I/O manager of a function that gives one; like `resource`.

    >>> from dagbook import InMemoryIOManager
    >>> @io_manager
    ... def passing(context):
    ...     return InMemoryIOManager()
    >>> type(passing()).__name__
    'InMemoryIOManager'
    """
    return resource(**options) if fn is None else _definition(fn)
