"""A cell's text as a short digest that a page can compute too, to see whether the cell was edited."""

from __future__ import annotations

import re
import zlib

# A page turns half of a surrogate pair into this sign when it encodes text.
_HALVES = re.compile("[\ud800-\udfff]")


def text_digest(text: str) -> str:
    """The CRC-32 of the text in UTF-8, with its length in bytes.

    >>> text_digest("%%asset orders")
    '5ada83ca-14'
    """
    data = _HALVES.sub("\ufffd", text).encode()
    return f"{zlib.crc32(data):08x}-{len(data)}"
