"""What a resource is told about the run that it is made for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from dagbook.errors.resources import UndeclaredResource
from dagbook.records import dataclass

LOG = logging.getLogger("dagbook")


class ResourceView:
    """The resources of a run as attributes: `context.resources.name`; only those that were declared."""

    def __init__(self, owner: str, names: Iterable[str], get: Callable[[str], Any]) -> None:
        self._owner = owner
        self._names = tuple(names)
        self._get = get

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("_owner", "_names", "_get"):
            raise AttributeError(name)
        if name not in self._names:
            raise UndeclaredResource(name=name, needed_by=self._owner, declared=self._names)
        return self._get(name)

    def _asdict(self) -> dict[str, Any]:
        """All of them by name."""
        return {name: self._get(name) for name in self._names}

    def __dir__(self) -> list[str]:
        return list(self._names)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitResourceContext:
    """Handed to what makes a resource: the run's id, a log, and the resources that it declared.

    >>> InitResourceContext(run_id="r1", resource_name="db").resource_name
    'db'
    """

    run_id: str = ""
    resource_name: str = ""
    resources: Any = None
    log: logging.Logger = LOG
