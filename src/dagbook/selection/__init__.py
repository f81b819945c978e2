"""The selection language: text to tree, tree and graph to keys."""

from dagbook.selection.parser import parse
from dagbook.selection.protocol import NOTHING_KNOWN, SelectableGraph, World
from dagbook.selection.resolution import resolve
from dagbook.selection.tree import Selection

__all__ = ["NOTHING_KNOWN", "SelectableGraph", "Selection", "World", "parse", "resolve"]
