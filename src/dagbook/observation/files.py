"""What watched files look like: time and size first, then the hash of their bytes."""

from __future__ import annotations

import glob
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path

from xxhash import xxh3_128

from dagbook.io.stamps import Stamp
from dagbook.records import dataclass
from dagbook.versions.redaction import salted

DECLARED = "file "
# A file written this short a time ago may be written again without its times showing it.
_SETTLED = 2_000_000_000


@dataclass(slots=True)
class FileDigests:
    """Digests of files by pattern; a file whose time and size are known is not read again.

    `salt` is the store's secret.
    """

    base: Path
    salt: bytes = b"dagbook"
    known: dict[str, tuple[Stamp, str]] = field(default_factory=dict)

    def digests(self, patterns: Iterable[str]) -> Mapping[str, str]:
        """For each pattern one digest of the files that it names, with their names."""
        return {f"{DECLARED}{pattern}": self._pattern(pattern) for pattern in patterns}

    def _pattern(self, pattern: str) -> str:
        whole = xxh3_128()
        paths = glob.glob(pattern, root_dir=self.base, recursive=True)
        for path in sorted(paths):
            full = self.base / path
            if full.is_file():
                whole.update(f"{path}\0{self.digest(full)}\0".encode("utf-8", "surrogateescape"))
        return whole.hexdigest()

    def secret(self, text: str) -> str:
        """The digest of a text from which it can't be had back, such as a password."""
        return salted(text.encode("utf-8", "surrogateescape"), self.salt).hex()

    def digest(self, path: Path) -> str:
        """The digest of a file's bytes; raises OSError where it can't be read."""
        stat = os.stat(path)
        stamp = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
        seen = self.known.get(str(path))
        if seen is not None and seen[0] == stamp:
            return seen[1]
        looked = time.time_ns()
        digest = _hash(path)
        if looked - stat.st_ctime_ns > _SETTLED:
            self.known[str(path)] = (stamp, digest)
        return digest


def _hash(path: Path) -> str:
    content = xxh3_128()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            content.update(block)
    return content.hexdigest()
