"""Where the links and images of a page lead once it is a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from dagbook.records import dataclass
from dagbook.tutorials.nodes import Heading

_PAGE = re.compile(r"(?:/index)?\.mdx?(?=$|#)")
_MARKS = re.compile(r"[`*]|\[([^\]]*)\]\([^)]*\)|<[^>]*>")
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif"})


@dataclass(slots=True, kw_only=True)
class Links:
    """Resolves addresses of one page.

    `base_url`: the address of the page on its site; `folder`: the page's own; `root`: the folder
    that pictures may be taken from, where `/` of an address begins; `beside`: the folder of copied
    pictures as the notebook names it, None where they are linked; `anchors`: the page's own.
    """

    base_url: str | None = None
    folder: Path | None = None
    root: Path | None = None
    beside: str | None = None
    anchors: Mapping[str, str] = field(default_factory=dict)
    copied: dict[str, Path] = field(default_factory=dict)
    unresolved: list[str] = field(default_factory=list)

    def link(self, address: str) -> str:
        """The address of a link: within the notebook, on the page's site, or as it is."""
        parts = urlsplit(address) if _is_address(address) else None
        if parts is None or parts.scheme or parts.netloc:
            return address
        if address.startswith("#"):
            return "#" + self.anchors.get(unquote(address[1:]).lower(), address[1:])
        if self.base_url is None:
            self.unresolved.append(address)
            return address
        return urljoin(self.base_url, _PAGE.sub("", address))

    def image(self, address: str) -> str:
        """The address of a picture: its copy beside the notebook, else where the site has it."""
        parts = urlsplit(address) if _is_address(address) else None
        if parts is None or parts.scheme or parts.netloc:
            return address
        file = self._picture(unquote(parts.path))
        if file is not None and self.beside is not None:
            name = self._free_name(file)
            self.copied[name] = file
            return f"{self.beside}/{name}".replace(" ", "%20")
        if self.base_url is None:
            self.unresolved.append(address)
            return address
        return urljoin(self.base_url, address)

    def _picture(self, path: str) -> Path | None:
        """The file of a picture, if it lies in the folder that pictures may be taken from."""
        if self.root is None or self.folder is None or "\0" in path:
            return None
        base = self.root if path.startswith("/") else self.folder
        file = (base / path.lstrip("/")).resolve()
        within = file.is_relative_to(self.root.resolve())
        return file if within and file.suffix.lower() in _PICTURES and file.is_file() else None

    def _free_name(self, file: Path) -> str:
        name, count = file.name, 1
        while self.copied.get(name, file) != file:
            count += 1
            name = f"{file.stem}-{count}{file.suffix}"
        return name


def _is_address(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return bool(text)


def anchors_of(headings: Iterable[Heading]) -> dict[str, str]:
    """For each name that a page may call a heading by, the one that a notebook gives it.

    Sites write `#first-steps`, JupyterLab `#First-steps`.

    >>> from dagbook.tutorials.nodes import At
    >>> anchors_of([Heading(level=2, text="First steps", at=At(line=1), anchor="begin")])
    {'begin': 'First-steps', 'first-steps': 'First-steps'}
    """
    found: dict[str, str] = {}
    for heading in headings:
        plain = _MARKS.sub(lambda mark: mark[1] or "", heading.text).strip()
        ours = plain.replace(" ", "-")
        if heading.anchor:
            found.setdefault(heading.anchor.lower(), ours)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found.setdefault(slug, ours)
    return found
