"""From a module to the definitions that stand in it."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from types import ModuleType
from typing import Any

from dagbook.definitions.arguments import of_kind
from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.bundle import Bundle, LazyDefinitions
from dagbook.definitions.specs import AssetSpec
from dagbook.engine.jobs import Definitions, UnresolvedJob
from dagbook.engine.together import each_once
from dagbook.errors.base import DagbookError, Place, nearest
from dagbook.errors.modules import ModuleRaised, NothingDefined, UnknownModule
from dagbook.records import dataclass
from dagbook.versions.origin import home_of_file

_OURS = (AssetsDefinition, AssetChecksDefinition, AssetSpec, Bundle, LazyDefinitions)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one state of a module's file from another."""

    modified: int
    size: int


def load_definitions_from_module(module: ModuleType) -> Definitions:
    """All that a module defines: assets, checks, external assets, Definitions, jobs, resources.

    What its names stand for, imported names too, and what lists and dictionaries of it hold. An
    AssetSpec counts where no definition makes its asset. Raises NothingDefined, or DuplicateKey
    with both places where it defines a key twice.

    >>> from types import ModuleType
    >>> from dagbook import asset
    >>> module = ModuleType("pipeline")
    >>> module.orders = asset(name="orders")(lambda: [1, 2])
    >>> load_definitions_from_module(module).assets
    (<asset orders>,)
    """
    found: dict[int, Any] = {}
    resources: dict[str, Any] = {}
    of_kind("load_definitions_from_module", "module", module, ModuleType)
    for value in list(vars(module).values()):
        for one in _held(value):
            whole = one() if isinstance(one, LazyDefinitions) else one
            if isinstance(whole, Bundle):
                resources.update(whole.resources)
                found.update({id(part): part for part in (*whole.definitions, *whole.jobs)})
            else:
                found[id(whole)] = whole
    definitions = each_once(found.values())
    if not any(isinstance(one, _OURS) for one in definitions):
        raise NothingDefined(module=module.__name__, inner=tuple(_inner(module)))
    return Definitions(
        assets=tuple([d for d in definitions if isinstance(d, (AssetsDefinition, AssetSpec))]),
        asset_checks=tuple([d for d in definitions if isinstance(d, AssetChecksDefinition)]),
        resources=resources,
        jobs=tuple([d for d in definitions if isinstance(d, UnresolvedJob)]),
    )


def module_named(name: str) -> ModuleType:
    """The module of this name, imported where it was not; raises UnknownModule or ModuleRaised."""
    # A file that was written a moment ago may be unknown to the import system.
    importlib.invalidate_caches()
    if not all(part.isidentifier() for part in name.split(".")):
        # Python would look for other modules, or for none, and tell of its own code.
        raise UnknownModule(module=name, suggestions=nearest(name, _importable("")))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name == missing or name.startswith(f"{missing}."):
            suggestions = nearest(name, _importable(name))
            raise UnknownModule(module=name, suggestions=suggestions) from None
        raise _raised(name, error) from error
    except Exception as error:
        raise _raised(name, error) from error


def reloaded(module: ModuleType) -> ModuleType:
    """The module with the code that its file holds now; raises ModuleRaised.

    What it defined before and no longer does is gone from it. After a failure all is as it was.
    """
    before = dict(vars(module))
    for name, value in before.items():
        if isinstance(value, (*_OURS, UnresolvedJob)):
            delattr(module, name)
    file = file_of(module)
    if file is not None:
        # Told apart by whole seconds and the size alone, compiled code could be taken for newer.
        with suppress(OSError, NotImplementedError):
            Path(cache_from_source(str(file))).unlink()
    try:
        return importlib.reload(module)
    except Exception as error:
        vars(module).update(before)
        raise _raised(module.__name__, error) from error


def file_of(module: ModuleType) -> Path | None:
    """The file of a module's source, where it has one."""
    file = getattr(module, "__file__", None)
    return Path(file) if file is not None and file.endswith(".py") else None


def stamp_of(module: ModuleType) -> Stamp | None:
    """The state of a module's file now; None where there is no file to look at."""
    file = file_of(module)
    if file is None:
        return None
    try:
        found = os.stat(file)
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size)


def _held(value: Any) -> Iterator[Any]:
    """The definitions that a name of a module stands for, in a container of them too."""
    if isinstance(value, (*_OURS, UnresolvedJob)):
        yield value
    elif type(value) in (list, tuple):
        yield from [one for one in value if isinstance(one, (*_OURS, UnresolvedJob))]
    elif type(value) is dict:
        yield from [one for one in value.values() if isinstance(one, (*_OURS, UnresolvedJob))]


def _inner(module: ModuleType) -> list[str]:
    """The modules of a package."""
    path = getattr(module, "__path__", None)
    if path is None:
        return []
    return sorted(f"{module.__name__}.{one.name}" for one in pkgutil.iter_modules(path))


def _importable(name: str) -> Iterator[str]:
    """The user's modules that stand where this name was looked for."""
    package = sys.modules.get(name.rpartition(".")[0])
    if package is not None:
        yield from _inner(package)
        return
    for folder in sys.path:
        if home_of_file(os.path.join(folder, name)) == "own":
            yield from [one.name for one in pkgutil.iter_modules([folder or "."])]


def _raised(name: str, error: Exception) -> ModuleRaised:
    """What a module raised, with the line of the user's code at which it did."""
    problem = str(error) if isinstance(error, DagbookError) else f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):
        place = Place(where=Path(error.filename or name).name, line=error.lineno)
        return ModuleRaised(module=name, problem=f"SyntaxError: {error.msg}", place=place)
    ours = str(Path(__file__).parents[1])
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((ours, "<frozen"))
        and Path(frame.filename).parent.name != "importlib"
    ]
    if not frames:
        return ModuleRaised(module=name, problem=problem)
    place = Place(where=Path(frames[-1].filename).name, line=frames[-1].lineno)
    return ModuleRaised(module=name, problem=problem, place=place)
