"""Whether a path lies on a network file system, where SQLite's shared memory cannot be trusted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_REMOTE = frozenset(
    [
        "nfs",
        "nfs3",
        "nfs4",
        "cifs",
        "smb",
        "smbfs",
        "smb2",
        "smb3",
        "9p",
        "afs",
        "ncpfs",
        "ceph",
        "glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
        "drvfs",
        "virtiofs",
        "vboxsf",
        "prl_fs",
        "davfs",
    ]
)
MOUNTS = Path("/proc/mounts")


def network_file_system(path: Path, mounts: str | None = None) -> str | None:
    """The type of the network file system that `path` lies on; None for a local one.

    `mounts` is a table in the form of /proc/mounts; by default the system's own. Where the system
    has none (macOS, Windows), only a UNC path (`\\\\server\\share`) is known to be remote.
    """
    resolved = os.path.realpath(path)
    if resolved.startswith("\\\\"):
        return "smb"
    if mounts is None:
        try:
            mounts = MOUNTS.read_text(errors="surrogateescape")
        except OSError:
            return None
    around = [
        (len(point), n, kind)
        for n, (point, kind) in enumerate(_points(mounts))
        if _holds(point, resolved)
    ]
    kind = max(around)[2] if around else ""
    return kind if kind in _REMOTE or kind.startswith("fuse.") else None


def _points(mounts: str) -> Iterator[tuple[str, str]]:
    """Mount points with their types; the table writes blanks and backslashes in octal."""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) > 2:
            point = parts[1]
            for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
                point = point.replace(code, sign)
            yield point, parts[2]


def _holds(point: str, path: str) -> bool:
    return point == "/" or path == point or path.startswith(point + "/")
