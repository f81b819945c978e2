"""Runs texts as the cells of a notebook, so that their functions have a source."""

from __future__ import annotations

import hashlib
import linecache
import textwrap
from collections.abc import Callable
from typing import Any

from dagbook.versions.code import CodeVersion, Evaluation


def run_cells(*cells: str) -> dict[str, Any]:
    """The namespace after these cells, each kept where a shell keeps its text."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        run_cell(cell, namespace)
    return namespace


def run_cell(cell: str, namespace: dict[str, Any]) -> None:
    """Run one more cell in a namespace."""
    text = textwrap.dedent(cell)
    name = f"<cell {hashlib.sha256(text.encode()).hexdigest()[:12]}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    exec(compile(text, name, "exec", dont_inherit=True), namespace)


def version_in(
    namespace: dict[str, Any],
    name: str = "body",
    *,
    is_asset: Callable[[str], bool] = lambda name: False,
    **options: str,
) -> CodeVersion:
    """The code version of a function of the namespace, looked at anew."""
    return Evaluation(is_asset).code_version(namespace[name], options=options)


def version_of(*cells: str) -> CodeVersion:
    """The code version of `body` after these cells."""
    return version_in(run_cells(*cells))
