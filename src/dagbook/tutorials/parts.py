"""Parts that a page imports from other pages of its site, by the name of their component."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from dagbook.tutorials.nodes import Node
from dagbook.tutorials.reading import read_page

_IMPORT = re.compile(r"import\s+(\w+)\s+from\s+['\"]([^'\"]+\.mdx?)['\"]")
# A part that includes itself would never end.
MOST = 50


class Parts:
    """Finds the imported parts within one folder, and reads them when they are used."""

    def __init__(self, imports: Iterable[str], folder: Path | None, site: Path | None) -> None:
        self._paths = dict(pair for text in imports for pair in _IMPORT.findall(text))
        self._folder, self._site = folder, site
        self._used = 0

    def of(self, name: str) -> tuple[Node, ...] | None:
        """The nodes of the part that is imported under this name; None where it can't be had."""
        path = self._paths.get(name)
        file = self._file(path) if path else None
        if file is None or self._used >= MOST:
            return None
        self._used += 1
        page = read_page(file.read_text(encoding="utf-8-sig"), file.name)
        self._paths |= dict(pair for text in page.imports for pair in _IMPORT.findall(text))
        return page.nodes

    def _file(self, path: str) -> Path | None:
        if self._folder is None or self._site is None:
            return None
        written = path.replace("\\", "")
        base = self._folder if written.startswith(".") else self._site
        file = (base / re.sub(r"^@\w+/|^/", "", written)).resolve()
        within = file.is_relative_to(self._site.resolve())
        return file if within and file.is_file() else None
