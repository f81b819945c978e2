"""Which parameters of a body are assets, and which the run gives: its config and its resources."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from dagbook.records import dataclass

T = TypeVar("T")
Role = Literal["config", "resource"]

# The I/O manager that means the workspace's own store, unless a resource has its name.
DEFAULT_MANAGER = "io_manager"


class _GivenByRun:
    """Marks an annotation whose parameter is a resource."""

    def __repr__(self) -> str:
        return "a resource of the run"


RESOURCE = _GivenByRun()

if TYPE_CHECKING:
    ResourceParam = Annotated[T, RESOURCE]
else:

    class ResourceParam:
        """Annotates a parameter that is the resource of its name, whatever class that is of.

        >>> from dagbook import asset, materialize
        >>> @asset
        ... def doubled(factor: ResourceParam[int]):
        ...     return 2 * factor
        >>> materialize([doubled], resources={"factor": 4}).asset_value("doubled")
        8
        """

        def __class_getitem__(cls, kind: Any) -> Any:
            return Annotated[kind, RESOURCE]


# A parameter called `config` with one of these types is the config too, as it is.
_PLAIN_CONFIG = (dict, list, str, int, float, bool)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a body asks of a run besides assets.

    `config`: the name and the class of its config parameter; `resources`: the parameters that are
    resources; `keys`: resources that it takes from its context.
    """

    config: tuple[str, Any] | None = None
    resources: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()

    @property
    def asks(self) -> bool:
        """Whether there is anything at all."""
        return self.config is not None or bool(self.resources or self.keys)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all resources, those of parameters first."""
        return tuple(dict.fromkeys((*self.resources, *sorted(self.keys))))


NO_NEEDS = Needs()


def role_of(name: str, annotation: Any) -> Role | None:
    """What a parameter is by its annotation; None for an asset.

    >>> role_of("client", ResourceParam[int]), role_of("config", dict), role_of("orders", dict)
    ('resource', 'config', None)
    """
    if typing.get_origin(annotation) is Annotated and RESOURCE in annotation.__metadata__:
        return "resource"
    # Asked of the class, so that the library that it rests on is not loaded only to compare.
    role: Role | None = getattr(annotation, "__dagbook_role__", None)
    if role in ("config", "resource"):
        return role
    plain = typing.get_origin(annotation) or annotation
    return "config" if name == "config" and plain in _PLAIN_CONFIG else None


def needs_of(parameters: Iterable[tuple[str, Any]], keys: Iterable[str] = ()) -> Needs:
    """The needs of a body with these parameters, each with its annotation."""
    config: tuple[str, Any] | None = None
    resources: list[str] = []
    for name, annotation in parameters:
        role = role_of(name, annotation)
        if role == "config":
            config = (name, annotation)
        elif role == "resource":
            resources.append(name)
    declared = frozenset(keys)
    if config is None and not resources and not declared:
        return NO_NEEDS
    return Needs(config, tuple(resources), declared)
