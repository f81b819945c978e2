"""What readers see of a data version: the data, and the code in it."""

from __future__ import annotations

from xxhash import xxh3_128_hexdigest

from dagbook.versions.carried import by_name, named_in, with_code
from dagbook.versions.code import Evaluation


class AsRead:
    """Adds to a data version the code that the user's classes and functions in the value have now.

    Each of these is looked at once; a later look makes another one of these.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._known: dict[str, str] = {}

    def __call__(self, version: str) -> str:
        """The version as a body that reads the value depends on it."""
        named = named_in(version)
        if not named:
            return version
        code = "".join(map(self._code, named))
        return with_code(version, xxh3_128_hexdigest(code.encode()))

    def _code(self, name: str) -> str:
        found = self._known.get(name)
        if found is None:
            code = by_name(name)
            digest = self._evaluation.code_version(code).digest if code is not None else "gone"
            found = self._known[name] = digest
        return found
