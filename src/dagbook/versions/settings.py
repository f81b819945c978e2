"""The settings of a drawing library that were changed since it was loaded: what it draws shows them."""

from __future__ import annotations

import sys
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.versions.content import text_bytes

_DRAWING = frozenset({"matplotlib", "mpl_toolkits", "seaborn"})
# Where figures are shown, not how they look.
_NOT_OF_FIGURES = ("backend", "interactive", "toolbar", "keymap.", "webagg.", "tk.", "macosx.")


def settings_digest(root: str) -> bytes | None:
    """The digest of the settings that count for a package; None where none do, or none was changed.

    >>> settings_digest("numpy") is None
    True
    """
    if root not in _DRAWING:
        return None
    module = sys.modules.get("matplotlib")
    now: Any = getattr(module, "rcParams", None)
    loaded: Any = getattr(module, "rcParamsOrig", None)
    if now is None or loaded is None:
        return None
    changed = [
        text_bytes(f"{name}={value!r}")
        for name, value in sorted(dict.items(now))
        if not name.startswith(_NOT_OF_FIGURES) and dict.get(loaded, name) != value
    ]
    return xxh3_128_digest(b"".join(changed)) if changed else None
