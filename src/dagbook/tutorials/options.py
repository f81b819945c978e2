"""What a page is to become: the options of rendering, and what it gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Literal

from dagbook.records import dataclass
from dagbook.tutorials.nodes import At


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """How a page is rendered.

    `base_url`: the address of the page on its site, for relative links; `snippets`: the folders of
    the code that components name; `site`: the folder of the site's pictures and included parts, by
    default the page's own; `pictures`: copied beside the notebook, or linked; `aliases`: modules
    imported under another name, (old, new); `offered`: the names
    that such a module has, where these are known: what needs others is left out; `shell`: shell blocks become `!` cells; `cells`: a cell
    for each decorated definition; `magics`: these become `%%asset` cells where that is exact;
    `run`: cells at the end draw the graph and materialize it.
    """

    base_url: str | None = None
    snippets: tuple[Path, ...] = ()
    allow_missing: bool = False
    site: Path | None = None
    pictures: Literal["copy", "link"] = "copy"
    aliases: tuple[tuple[str, str], ...] = ()
    offered: Mapping[str, Collection[str]] = field(default_factory=dict)
    shell: bool = False
    cells: bool = False
    magics: bool = False
    run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCell:
    """A cell of the notebook, and where in the page it comes from."""

    kind: Literal["markdown", "code"]
    text: str
    at: At
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPage:
    """The cells, the pictures to be copied (name to file), and what a reader should know."""

    cells: tuple[PageCell, ...]
    pictures: Mapping[str, Path] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    front: Mapping[str, Any] = field(default_factory=dict)
