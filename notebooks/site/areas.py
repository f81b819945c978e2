"""The pages of the API reference: which public name stands on which page."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import dagbook
import dagbook.errors
import dagbook.testing
import dagbook.testing.plugin
from dagbook.errors.base import DagbookError


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A page of the reference; `modules` are those, below dagbook, whose names stand on it.

    Where a module is named on one page and a part of it on another, the part counts.
    """

    file: str
    title: str
    says: str
    modules: tuple[str, ...]


AREAS = (
    Area(
        file="workspace",
        title="Workspace, runs and selections",
        says="What the magics call, and what they give back.",
        modules=("engine", "execution", "selection"),
    ),
    Area(
        file="assets",
        title="Assets",
        says="Decorators that make assets of functions, and what describes an asset.",
        modules=("definitions", "execution.context"),
    ),
    Area(
        file="checks",
        title="Checks",
        says="Checks from functions, several at once, and made from metadata.",
        modules=("definitions.multi_checks", "definitions.check_factories"),
    ),
    Area(
        file="graphs",
        title="Ops and graphs",
        says="Assets that are made in several steps.",
        modules=("definitions.op_decorators", "definitions.graph_decorators", "definitions.ports"),
    ),
    Area(
        file="metadata",
        title="Metadata",
        says="What a run says of a value, each kind shown in its own way.",
        modules=("definitions.metadata", "definitions.tables"),
    ),
    Area(
        file="resources",
        title="Resources and config",
        says="What bodies use besides assets, and what a run is given.",
        modules=("resources", "definitions.resource", "definitions.env", "definitions.injection"),
    ),
    Area(
        file="io",
        title="I/O managers",
        says="Where values are kept, when not in dagbook's own store.",
        modules=("io", "resources.duckdb_tables"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something public: `path` is how it is imported."""

    path: str
    value: Any

    @property
    def directive(self) -> str:
        """How autodoc is asked for it."""
        if inspect.isclass(self.value):
            return "autoexception" if issubclass(self.value, BaseException) else "autoclass"
        return "autofunction" if callable(self.value) else "autodata"

    @property
    def says(self) -> str:
        """The first sentence of its docstring."""
        return (inspect.getdoc(self.value) or "").partition("\n")[0]


def reference_pages() -> dict[str, str]:
    """The reference as reStructuredText, by the name of each page; `index` links the others.

    Raises LookupError for a public name that belongs on no page.
    """
    sorted_in: dict[str, list[Entry]] = {area.file: [] for area in AREAS}
    for name in dagbook.__all__:
        value = getattr(dagbook, name)
        if name != "DagbookError":
            sorted_in[_area_of(name, value)].append(Entry(path=f"dagbook.{name}", value=value))
    pages = {
        area.file: _page(area.title, area.says, sorted_in[area.file], "dagbook") for area in AREAS
    }
    pages["testing"] = _page(
        "Testing notebooks",
        "A notebook in a test: with a store of its own, which is gone with the test.",
        [
            *_entries(dagbook.testing, dagbook.testing.__all__),
            Entry(
                path="dagbook.testing.plugin.asset_notebook",
                value=inspect.unwrap(dagbook.testing.plugin.asset_notebook),
            ),
        ],
        "dagbook.testing",
    )
    pages["errors"] = _page(
        "Errors",
        "All derive from `DagbookError`; the fields say what is wrong, and the text is made of them.",
        [Entry(path=path, value=error) for path, error in error_paths().items()],
        "dagbook.errors",
    )
    titles = {area.file: area.title for area in AREAS}
    titles |= {"testing": "Testing notebooks", "errors": "Errors"}
    pages["index"] = _index(titles)
    return pages


def _area_of(name: str, value: Any) -> str:
    home = type(value).__module__ if name == "mem_io_manager" else value.__module__
    within = home.removeprefix("dagbook.")
    found = [
        (len(module), area.file)
        for area in AREAS
        for module in area.modules
        if f"{within}.".startswith(f"{module}.")
    ]
    if not found:
        raise LookupError(f"dagbook.{name}, from {home}, has no page in notebooks/site/areas.py")
    return max(found)[1]


def _entries(module: Any, names: Iterable[str]) -> Iterator[Entry]:
    for name in names:
        yield Entry(path=f"{module.__name__}.{name}", value=getattr(module, name))


def error_paths() -> dict[str, type[DagbookError]]:
    """Every error by where it is imported from, those first that others derive from."""
    for module in pkgutil.iter_modules(dagbook.errors.__path__, "dagbook.errors."):
        importlib.import_module(module.name)
    found, todo = {DagbookError}, [DagbookError]
    while todo:
        more = set(todo.pop().__subclasses__())
        todo += more - found
        found |= more
    ordered = sorted(found, key=lambda each: (len(each.__mro__), each.__name__))
    return {
        _imported_from(each): each
        for each in ordered
        if each.__module__.startswith("dagbook.errors.")
    }


def _imported_from(error: type[DagbookError]) -> str:
    """The package where it can be had from there, else its module."""
    shared = getattr(dagbook.errors, error.__name__, None) is error
    return f"dagbook.errors.{error.__name__}" if shared else f"{error.__module__}.{error.__name__}"


def _page(title: str, says: str, entries: list[Entry], module: str) -> str:
    parts = [_heading(title), says, f".. py:currentmodule:: {module}"]
    # What is called first, then the types that it takes and gives.
    entries = sorted(entries, key=lambda entry: inspect.isclass(entry.value))
    rows = [
        f"   * - :py:obj:`{entry.path.rpartition('.')[2]} <{entry.path}>`\n     - {entry.says}"
        for entry in entries
    ]
    parts.append(".. list-table::\n   :widths: auto\n\n" + "\n".join(rows))
    parts += map(_described, entries)
    return "\n\n".join(parts) + "\n"


def _described(entry: Entry) -> str:
    lines = [f".. {entry.directive}:: {entry.path}"]
    if inspect.isclass(entry.value) and entry.value.__bases__ != (object,):
        lines += ["   :show-inheritance:"]
    if entry.directive == "autoclass":
        lines += ["   :members:", "   :exclude-members: model_config, model_post_init"]
    if entry.directive == "autodata":
        lines += ["   :no-value:"]
    return "\n".join(lines)


def _index(titles: dict[str, str]) -> str:
    listed = "\n".join(f"   {file}" for file in titles)
    return (
        f"{_heading('API reference')}\n\n"
        "What the magics do can be done from Python as well: the names below are imported from "
        "``dagbook``, as in ``import dagbook as dg``.\n\n"
        f".. toctree::\n   :maxdepth: 1\n\n{listed}\n"
    )


def _heading(title: str) -> str:
    return f"{title}\n{'=' * len(title)}"
