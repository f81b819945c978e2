"""The selection language: text to tree, tree and graph to keys."""

from dagbook.selection.checks import resolve_checks
from dagbook.selection.completion import Completion, complete
from dagbook.selection.explain import Explanation, explain
from dagbook.selection.fluent import AssetSelection
from dagbook.selection.parser import parse
from dagbook.selection.protocol import NOTHING_KNOWN, SelectableGraph, World
from dagbook.selection.resolution import resolve
from dagbook.selection.tree import Selection

__all__ = [
    "NOTHING_KNOWN",
    "AssetSelection",
    "Completion",
    "Explanation",
    "SelectableGraph",
    "Selection",
    "World",
    "complete",
    "explain",
    "parse",
    "resolve",
    "resolve_checks",
]
