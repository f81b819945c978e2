"""Finds the supported Pythons of this machine."""

from __future__ import annotations

from pathlib import Path

_PLACES = (Path("/usr/bin"), Path("/usr/local/bin"), Path("/opt/hostedtoolcache"))


def other_pythons() -> list[str]:
    """The executables of the supported Pythons that are found, at most one of each version."""
    found = []
    for minor in (11, 12, 13):
        candidates = [*(Path.home() / ".pyenv" / "versions").glob(f"3.{minor}.*/bin/python")]
        candidates += [place / f"python3.{minor}" for place in _PLACES]
        found += [str(path) for path in candidates if path.exists()][:1]
    return found
