"""Pictures that lie beside a notebook, as parts of the page that it becomes."""

from __future__ import annotations

import base64
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")([^":?#]+)"')
_KINDS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
# A larger one stays a link: a page should open at once.
LARGEST = 5_000_000


def with_pictures(html: str, folder: Path) -> str:
    """The page with the pictures of this folder in it, so that it can be moved and sent alone.

    One that is not there, or not in the folder, stays a link.
    """
    home = folder.resolve()

    def within(found: re.Match[str]) -> str:
        path = unquote(unescape(found[2]))
        file = (home / path).resolve() if "\0" not in path else home
        kind = _KINDS.get(file.suffix.lower())
        if kind is None or not file.is_relative_to(home) or not file.is_file():
            return found[0]
        if file.stat().st_size > LARGEST:
            return found[0]
        encoded = base64.b64encode(file.read_bytes()).decode("ascii")
        return f'{found[1]}data:{kind};base64,{encoded}"'

    return _SOURCE.sub(within, html)
