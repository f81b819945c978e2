"""The parts of a code version as a document that is kept to explain later changes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dagbook.versions.parts import Part

_LONGEST = 20_000


def encode_parts(parts: Sequence[Part]) -> bytes:
    """The parts as bytes; very long texts are cut."""
    rows = [
        [part.name, part.kind, part.digest, part.text[:_LONGEST], part.place, part.reason]
        for part in parts
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def decode_parts(document: bytes) -> tuple[Part, ...]:
    """The parts that a document holds."""
    rows = json.loads(document.decode("utf-8", "surrogatepass"))
    return tuple(Part(*row) for row in rows)
