"""Prints the versions of the whole matrix of edits; runs in a Python without our dependencies.

With a second argument: those of the edits of syntax that Python 3.11 does not have.

The hash comes from hashlib, and the package is entered past its `__init__`: what is compared
between Pythons is everything that goes into the hash.
"""

from __future__ import annotations

import hashlib
import sys
import types
from pathlib import Path
from typing import Any


def stand_in() -> types.ModuleType:
    """A module with the functions of xxhash that code versions use."""
    module: Any = types.ModuleType("xxhash")
    module.xxh3_128_digest = lambda data=b"": hashlib.md5(data).digest()
    module.xxh3_128_hexdigest = lambda data=b"": hashlib.md5(data).hexdigest()
    module.xxh3_128 = hashlib.md5
    return module  # type: ignore[no-any-return]


def main(root: Path, *, newer: bool) -> None:
    """Print name and digests of each edit, and whether they should differ."""
    sys.modules["xxhash"] = stand_in()
    for name, folder in (("dagbook", root / "src" / "dagbook"), ("tests", root / "tests")):
        package = sys.modules[name] = types.ModuleType(name)
        package.__path__ = [str(folder)]
    from tests.versions.cells import version_of
    from tests.versions.edits import EDITS
    from tests.versions.edits_of_newer_syntax import newer_edits

    for edit in newer_edits() if newer else EDITS:
        if not any(package in edit.before for package in ("numpy", "pandas", "pydantic")):
            digests = [version_of(text).digest for text in (edit.before, edit.after)]
            print(edit.name, *digests, edit.changed, sep="\t")


if __name__ == "__main__":
    main(Path(sys.argv[1]), newer=len(sys.argv) > 2)
