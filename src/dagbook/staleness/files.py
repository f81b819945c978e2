"""What a run opened, and the names under which its record keeps that beside the declared files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.nodes import AssetNode
from dagbook.io.stamps import Stamp
from dagbook.versions.code import CodeVersion

AnyKey = AssetKey | AssetCheckKey
FETCHED = "fetched "
_OBSERVED = ("opened ", "listed ", "globbed ", "exists ", FETCHED)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was `opened`, a folder that was `listed`, a pattern that was `globbed`, what was
    only asked for whether it `exists`, or what was `fetched` from a network.

    `stamp` is what the file looked like just before, None where there was none; `names` digests
    what a folder held.
    """

    path: str
    kind: str
    stamp: Stamp | None = None
    names: str = ""


def is_observed(name: str) -> bool:
    """Whether a name among the others of a record is that of something that a step opened."""
    return name.startswith(_OBSERVED)


def is_untracked(name: str) -> bool:
    """Whether it came from where changes can't be seen.

    >>> is_untracked("fetched https://example.org/rates.csv")
    True
    """
    return name.startswith(FETCHED)


def watch_of(node: AssetNode, code: Mapping[AnyKey, CodeVersion]) -> str:
    """Under which name it is kept what the runs of an asset's code opened.

    A declared version says nothing of the code, so that it is the asset's own.
    """
    declared = node.spec.code_version
    return code[node.key].digest if declared is None else f"{node.key} {declared}"
