"""What the runs of a plain module are given: Definitions of its cells, and managers that variables hold."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from dagbook.export.cells import ExportCell
from dagbook.graph.asset_graph import AssetGraph

_BUNDLE = "Definitions"


def bundles_in(texts: Iterable[str]) -> Iterator[str]:
    """The names to which ordinary cells bind Definitions.

    >>> list(bundles_in(["defs = dg.Definitions(resources={})"]))
    ['defs']
    """
    for text in texts:
        for statement in ast.parse(text).body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=called)):
                    if getattr(called, "attr", getattr(called, "id", "")) == _BUNDLE:
                        yield name


def managers(
    cells: Sequence[ExportCell], graph: AssetGraph, bound: frozenset[str]
) -> Iterator[str]:
    """The expression that gives the I/O managers which `--io` names, of those in `bound`."""
    named = {graph.node(key).spec.io_manager_key for cell in cells for key in cell.assets}
    if found := sorted(named & bound):
        yield f"{_BUNDLE}(resources={{{', '.join(f'{name!r}: {name}' for name in found)}}})"
