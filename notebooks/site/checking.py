"""What is wrong with a built site: links that lead nowhere, and what it would load from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_REMOTE = re.compile(r"(?:https?:)?//", re.I)
_IN_STYLE = re.compile(r"(?:@import\s+|url\(\s*)[\"']?((?:https?:)?//[^\"')\s]+)", re.I)
# What a browser fetches by itself, by tag: the attributes that say from where.
_LOADED: Mapping[str, tuple[str, ...]] = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
}
_NOT_LOADED = frozenset({"canonical", "next", "prev", "index", "search", "author", "alternate"})


@dataclass(slots=True)
class _Page(HTMLParser):
    """A page's anchors, its links and what it loads."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    within: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.within = tag
        self.anchors.update(found[name] for name in ("id", "name") if found.get(name))
        self.loads += [found[name] for name in _LOADED.get(tag, ()) if found.get(name)]
        self.loads += _IN_STYLE.findall(found.get("style", ""))
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "link" and not _NOT_LOADED.issuperset(found.get("rel", "").split()):
            self.loads.append(found.get("href", ""))

    def handle_data(self, data: str) -> None:
        if self.within == "style":
            self.loads += _IN_STYLE.findall(data)

    def handle_endtag(self, tag: str) -> None:
        self.within = ""


def faults_of(site: Path) -> list[str]:
    """A line for each broken link, and for each thing that a page would load over the network."""
    pages = {file.resolve(): _read(file) for file in sorted(site.rglob("*.html"))}
    found = [
        f"{file.relative_to(site.resolve())}: {fault}"
        for file, page in pages.items()
        for fault in _faults(file, page, pages)
    ]
    for style in sorted(site.rglob("*.css")):
        remote = _IN_STYLE.findall(style.read_text(encoding="utf-8"))
        found += [f"{style.relative_to(site)}: loads {address}" for address in remote]
    return found


def _read(file: Path) -> _Page:
    page = _Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def _faults(file: Path, page: _Page, pages: Mapping[Path, _Page]) -> Iterator[str]:
    for address in page.loads:
        if _REMOTE.match(address):
            yield f"loads {address}"
        elif not address.startswith(("data:", "#")) and not _file(file, address).exists():
            yield f"{address} is not there"
    for address in page.links:
        if urlsplit(address).scheme or _REMOTE.match(address):
            continue
        target, anchor = _file(file, address), unquote(urlsplit(address).fragment)
        if not target.exists():
            yield f"the link to {address} leads nowhere"
        elif anchor and target in pages and anchor not in pages[target].anchors:
            yield f"the link to {address}: there is no {anchor} on that page"


def _file(page: Path, address: str) -> Path:
    path = unquote(urlsplit(address).path)
    return (page.parent / path).resolve() if path else page
