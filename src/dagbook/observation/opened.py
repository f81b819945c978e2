"""Files that a step opened: which of them are data, by which name, and how they look now."""

from __future__ import annotations

import glob
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from xxhash import xxh3_128_hexdigest

from dagbook.io.stamps import ABSENT, looking, names_in, stamp_of
from dagbook.observation.files import DECLARED, FileDigests
from dagbook.staleness.files import (
    ALL,
    FOLDER,
    IN_DATABASE,
    IN_FOLDER,
    UNSET,
    ZONE,
    Opened,
    is_observed,
)
from dagbook.versions.database import held_now, look_anew
from dagbook.versions.origin import home_of_file
from dagbook.versions.zone import local_zone

# Where programs keep what they know already: no result of a body may depend on it.
_HIDDEN = (
    ".cache",
    ".config",
    ".duckdb",
    ".matplotlib",
    ".ipython",
    ".jupyter",
    ".local/share/jupyter",
)
_UNTRACKED = "untracked"
_WITHOUT_A_LOOK = ("fetched", "unseen")


def recorded(
    opened: Iterable[Opened], files: FileDigests, store: Path | None = None
) -> Mapping[str, str]:
    """Name and digest of what a step opened, as far as it is data.

    What has changed since it was opened gets a digest that no file has.
    """
    found: dict[str, str] = {}
    own = _modules()
    for one in opened:
        if one.kind in _WITHOUT_A_LOOK:
            found[f"{one.kind} {one.path}"] = _UNTRACKED
        elif one.kind == "environ":
            value = _shown(one.names, files.base) if one.path == FOLDER else one.names
            found[f"{one.kind} {one.path}"] = files.secret(value)
        elif _is_data(one.path, files.base, store, own):
            name = f"{one.kind} {_shown(one.path, files.base)}"
            found[name] = one.names or _digest_then(one, name, files)
            if one.folder:
                found[IN_FOLDER] = files.secret(_shown(one.folder, files.base))
    return found


def observed(names: Iterable[str], files: FileDigests) -> Mapping[str, str]:
    """How what was opened by these names looks now."""
    return {name: _digest(name, files) for name in names}


@looking()
def seen_again(known: Mapping[str, str], files: FileDigests) -> Mapping[str, str]:
    """The same names with the digests of now, of files that are declared and of what was opened.

    What else counts beside them, such as config, stays as it is.
    """
    look_anew()
    declared = [name.removeprefix(DECLARED) for name in known if name.startswith(DECLARED)]
    return {**known, **files.digests(declared), **observed(filter(is_observed, known), files)}


def _digest_then(one: Opened, name: str, files: FileDigests) -> str:
    """The digest of what was opened, where that is still the same."""
    if one.kind in ("opened", "database") and stamp_of(one.path) != one.stamp:
        return f"changed while it ran {one.stamp}"
    return _digest(name, files)


def _digest(name: str, files: FileDigests) -> str:
    kind, _, shown = name.partition(" ")
    if kind in _WITHOUT_A_LOOK:
        return _UNTRACKED
    if kind == "environ":
        return files.secret(_variable(shown, files.base))
    path = files.base / shown
    try:
        if kind == "listed":
            return names_in(path)
        if kind == "globbed":
            found = sorted(_shown(one, files.base) for one in glob.glob(str(path), recursive=True))
            return xxh3_128_hexdigest("\0".join(found).encode("utf-8", "surrogateescape"))
        if kind == "exists":
            return _there(path)
        if kind == "looked":
            return _looks(path)
        if kind == "stamped":
            return f"{_looks(path)} {stamp_of(path)}"
        if kind == "linked":
            return os.readlink(path)
        if kind == "entries":
            return " ".join(sorted(f"{one.name} {_looks(one)}" for one in path.iterdir()))
        if kind == "database":
            return _database(path, files)
        return files.digest(path) if path.is_file() else ABSENT
    except OSError:
        return ABSENT


def _database(path: Path, files: FileDigests) -> str:
    """The file, and what has been written since it was last put in order."""
    log = path.with_name(f"{path.name}.wal")
    return files.digest(path) + (files.digest(log) if log.is_file() else "")


def _variable(name: str, base: Path) -> str:
    """What a variable of the environment is, or all of them are, the time zone, the working folder."""
    if name == ZONE:
        return local_zone()
    if name == FOLDER:
        return _shown(os.getcwd(), base)
    if name.startswith(IN_DATABASE):
        return held_now(name.removeprefix(IN_DATABASE)) or UNSET
    if name != ALL:
        return os.environ.get(name, UNSET)
    return repr(sorted((os.fsencode(k), os.fsencode(v)) for k, v in os.environ.items()))


def _looks(path: Path) -> str:
    """The mode, the size and the time of a file, and the mode of a link to it."""
    own, seen = path.lstat(), path.stat()
    return f"{own.st_mode} {seen.st_mode} {seen.st_size} {seen.st_mtime_ns}"


def _there(path: Path) -> str:
    if path.is_dir():
        return "folder"
    return "file" if path.exists() else ABSENT


def _is_data(path: str, base: Path, store: Path | None, modules: frozenset[str]) -> bool:
    if home_of_file(path) != "own" or path in modules or _within(path, store):
        return False
    if _within(path, base):
        return True
    home = Path.home()
    passing = Path(tempfile.gettempdir())
    return not any(_within(path, folder) for folder in (passing, *(home / h for h in _HIDDEN)))


def _within(path: str, folder: Path | None) -> bool:
    return folder is not None and Path(path).is_relative_to(folder)


def _shown(path: str, base: Path) -> str:
    """Relative where it lies below the notebook, so that a project may be moved."""
    return os.path.relpath(path, base) if _within(path, base) else path


def _modules() -> frozenset[str]:
    """The source files of what is imported: these are followed as code."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return frozenset(file for file in files if isinstance(file, str))
