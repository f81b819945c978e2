"""What readers see of a data version: the data, and the code of the classes in it."""

from __future__ import annotations

import sys
from typing import Any

from xxhash import xxh3_128_hexdigest

from dagbook.versions.carried import classes_in, with_code
from dagbook.versions.code import Evaluation


class AsRead:
    """Adds to a data version the code that the user's classes in the value have now.

    Each class is looked at once; a later look makes another one of these.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._known: dict[str, str] = {}

    def __call__(self, version: str) -> str:
        """The version as a body that reads the value depends on it."""
        classes = classes_in(version)
        if not classes:
            return version
        code = "".join(map(self._code, classes))
        return with_code(version, xxh3_128_hexdigest(code.encode()))

    def _code(self, name: str) -> str:
        found = self._known.get(name)
        if found is None:
            kind = _class_named(name)
            digest = self._evaluation.code_version(kind).digest if kind is not None else "gone"
            found = self._known[name] = digest
        return found


def _class_named(name: str) -> type | None:
    module, _, path = name.partition(":")
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = vars(found).get(part) if found is not None else None
    return found if isinstance(found, type) else None
