"""Makes the resources of a run when they are first asked for, and clears them up in reverse."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

from dagbook.definitions.env import EnvVar
from dagbook.definitions.resource import ResourceDefinition
from dagbook.errors.base import nearest
from dagbook.errors.resources import MissingResource, ResourceError, ResourceFailed
from dagbook.resources.contexts import LOG, InitResourceContext, ResourceView
from dagbook.resources.secrets import remember

Declared = Mapping[str, Any]


class OpenResources:
    """The resources of one run in one process: each is made once, whoever asks first.

    A resource that is declared under two names, or is a field of another one, is made once too.
    `close` clears up in reverse order; one that fails to is logged and keeps no other from it.

    >>> opened = OpenResources("run")
    >>> opened.get("limit", {"limit": 3})
    3
    >>> opened.close()
    """

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._lock = threading.RLock()
        self._made: dict[int, Any] = {}
        self._declared: list[Any] = []
        self._endings: list[tuple[str, Callable[[], Any]]] = []

    def get(self, name: str, declared: Declared, needed_by: str = "the run") -> Any:
        """The resource of this name.

        Raises MissingResource, or ResourceFailed from what its own code raised.
        """
        if name not in declared:
            suggestions = nearest(name, declared)
            raise MissingResource(name=name, needed_by=needed_by, suggestions=suggestions)
        with self._lock:
            return self._open(name, declared[name], declared)

    def view(self, owner: str, names: Iterator[str] | tuple[str, ...], declared: Declared) -> Any:
        """These resources as attributes; each is made when it is first asked for."""
        return ResourceView(owner, names, lambda name: self.get(name, declared, owner))

    def close(self) -> None:
        """Clear up all that was made, the newest first."""
        with self._lock:
            while self._endings:
                name, end = self._endings.pop()
                try:
                    end()
                except Exception:
                    LOG.exception("the resource `%s` could not be cleared up", name)
            self._made.clear()
            self._declared.clear()

    def _open(self, name: str, declaration: Any, declared: Declared) -> Any:
        if id(declaration) in self._made:
            return self._made[id(declaration)]
        try:
            made = self._make(name, declaration, declared)
        except ResourceError:
            raise
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
            raise ResourceFailed(name=name, problem=problem) from error
        self._made[id(declaration)] = made
        # Kept, so that its id stays its own while the run goes on.
        self._declared.append(declaration)
        return made

    def _make(self, name: str, declaration: Any, declared: Declared) -> Any:
        if isinstance(declaration, EnvVar):
            value = declaration.resolve(f"the resource `{name}`")
            remember(value)
            return value
        if isinstance(declaration, ResourceDefinition):
            return self._from_function(name, declaration, declared)
        if is_configurable(declaration):
            return self._configured(name, declaration, declared)
        return declaration

    def _from_function(self, name: str, declaration: ResourceDefinition, declared: Declared) -> Any:
        needed = tuple(sorted(declaration.required_resource_keys))
        view = self.view(f"the resource {name}", needed, declared)
        for other in needed:
            self.get(other, declared, f"the resource {name}")
        made = declaration(self._context(name, view))
        if inspect.isgenerator(made):
            value = next(made)
            self._endings.append((name, lambda: next(made, None)))
            return value
        if isinstance(made, AbstractContextManager) and hasattr(made, "gen"):
            return self._enter(name, made)
        if is_configurable(made):
            return self._configured(name, made, declared)
        return made

    def _configured(self, name: str, declaration: Any, declared: Declared) -> Any:
        owner = f"the resource `{name}`"
        fields = declaration.resolved_fields(owner)
        for field, value in fields.items():
            if is_configurable(value):
                fields[field] = self._open(f"{name}.{field}", value, declared)
        own = type(declaration)(**fields)
        return self._enter(name, own.yield_for_execution(self._context(name, None)))

    def _enter(self, name: str, manager: AbstractContextManager[Any]) -> Any:
        value = manager.__enter__()
        self._endings.append((name, lambda: manager.__exit__(None, None, None)))
        return value

    def _context(self, name: str, view: Any) -> InitResourceContext:
        return InitResourceContext(run_id=self.run_id, resource_name=name, resources=view)


def is_configurable(value: Any) -> bool:
    """Whether a value is a resource with fields; asked without loading what these rest on."""
    return getattr(type(value), "__dagbook_role__", None) == "resource"


def required_by(name: str, declared: Declared) -> tuple[str, ...]:
    """The names that a resource needs itself, as it is declared."""
    declaration = declared.get(name)
    if isinstance(declaration, ResourceDefinition):
        return tuple(sorted(declaration.required_resource_keys))
    return ()
