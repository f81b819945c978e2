"""What one step has read so far from outside: files, folders, patterns, programs, addresses."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable
from dataclasses import field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from dagbook.io.stamps import Stamp, names_in, stamp_of
from dagbook.records import dataclass
from dagbook.staleness.files import ALL, FOLDER, UNSET, Opened

_NOT_DATA = (".pyc", ".so", ".pyd", ".dll")
# The machine itself, and what it knows of time zones.
_DEVICES = ("/proc/", "/sys/", "/dev/", "/usr/share/zoneinfo/")
_LONGEST_COMMAND = 80
__all__ = ["ALL", "Recorder", "absolute", "given_name"]


@dataclass(slots=True, eq=False)
class Recorder:
    """What one step has opened so far, in order; what it wrote first is its own.

    `settle` takes in what is only told when the body has run; `queries`: the connections of DuckDB
    that the step has used, by identity; `tables`: the words after which its queries read;
    `unnamed`: the files that these read and do not name; `relative`: for the names that were given
    as relative ones the working folder; `folder`: that in which the step began; `beside`: those that
    ran at the same time; `forgotten`: how often caches had been emptied before.
    """

    settle: Callable[[Recorder, object], None]
    seen: dict[tuple[str, str], Opened | None] = field(default_factory=dict)
    queries: dict[int, Any] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)
    relative: dict[str, str] = field(default_factory=dict)
    folder: str = field(default_factory=os.getcwd)
    beside: list[Recorder] = field(default_factory=list, repr=False)
    forgotten: int = 0

    @property
    def opened(self) -> tuple[Opened, ...]:
        """What came from outside."""
        found = [one for one in self.seen.values() if one is not None]
        # Where the step itself has gone is its own.
        given = {name for name, folder in self.relative.items() if folder == self.folder}
        return tuple([replace(o, folder=self.folder) if o.path in given else o for o in found])

    def note(self, path: str, kind: str) -> None:
        """A read, or what a folder or a pattern was asked for."""
        if (path, kind) not in self.seen:
            # Looked at now: the step may write there itself.
            names = names_in(path) if kind == "listed" else ""
            self.seen[path, kind] = Opened(path, kind, stamp_of(path), names)

    def name_of(self, path: Any, whole: Callable[[Any], str | None]) -> str | None:
        """The whole name of a path; a relative one leads from the working folder."""
        name = whole(path)
        if name is not None and not os.path.isabs(os.path.expanduser(os.fsdecode(path))):
            self.relative[name] = os.getcwd()
        return name

    def in_folder(self) -> None:
        """The working folder counts, unless the step itself has gone there."""
        if os.getcwd() == self.folder:
            self.environment(FOLDER, self.folder)

    def wrote(self, path: str) -> None:
        """A write: what is read afterwards is the step's own."""
        self.seen.setdefault((path, "opened"), None)

    def asked(self, path: str, kind: str = "exists") -> None:
        """Whether something is there, or how it looks; not of what the step has written."""
        if path and self.seen.get((path, "opened"), True) is not None:
            self.note(path, kind)

    def take_in(self, others: Iterable[Recorder]) -> None:
        """What other steps have read counts for this one too."""
        for other in others:
            for key, one in [*other.seen.items()]:
                if one is not None:
                    self.seen.setdefault(key, one)

    def read(self, path: str) -> None:
        """A path that a library was given to read: a file, a folder, a pattern or an address."""
        if "://" in path and not path.startswith("file:"):
            self.fetched_url(path)
            return
        name = self.name_of(path, given_name)
        if name is None:
            return
        if os.path.isdir(name):
            self.read_all(os.path.join(glob.escape(name), "**"))
        elif glob.has_magic(name) and not os.path.exists(name):
            self.read_all(name)
        else:
            self.note(name, "opened")

    def read_all(self, pattern: str) -> None:
        """All that a pattern finds, and that it finds no more."""
        self.note(pattern, "globbed")
        for name in glob.iglob(pattern, recursive=True):
            if os.path.isfile(name):
                self.note(name, "opened")

    def read_since(self, path: str, since: int) -> None:
        """A file that was read after `since`, in ns since 1970, and is only now looked at."""
        name = self.name_of(path, given_name)
        if name is None or (name, "opened") in self.seen:
            return
        self.seen[name, "opened"] = Opened(name, "opened", _since(name, since))

    def database(self, path: str, before: Stamp | None, since: int) -> None:
        """A database of which tables were read that the step had not made; `before`: how it looked."""
        stamp = before or _since(path, since)
        self.seen.setdefault((path, "database"), Opened(path, "database", stamp))

    def named(self, fn: object) -> None:
        """The body `fn` has run: take in the files that it names, which may have been read unseen."""
        self.settle(self, fn)

    def named_in(self, texts: Iterable[str]) -> None:
        """The files that these texts name."""
        for path in texts:
            self.name_file(path)

    def match_unnamed(self) -> None:
        """What queries read by parameters that nothing names may be what a pattern matches."""
        found: dict[str, set[str]] = {}
        for path in self.unnamed:
            found.setdefault(os.path.splitext(path)[1], set()).add(os.path.dirname(path))
        for ending, folders in found.items():
            between = () if len(folders) == 1 else ("**",)
            folder = glob.escape(os.path.commonpath(folders))
            self.note(os.path.join(folder, *between, f"*{ending}"), "globbed")

    def name_file(self, path: str) -> None:
        """The file or the files that a text names, where there are such."""
        try:
            name = self.name_of(path, given_name)
            if name is None:
                return
            if os.path.isfile(name):
                self.note(name, "opened")
                self.unnamed.discard(name)
            elif glob.has_magic(name) and os.path.splitext(name)[1] and glob.glob(name):
                self.read_all(name)
                self.unnamed.difference_update(glob.glob(name, recursive=True))
        except (OSError, ValueError):
            return

    def fetched(self, what: str) -> None:
        """Something from the network."""
        self.seen.setdefault((what, "fetched"), Opened(what, "fetched"))

    def fetched_url(self, url: str) -> None:
        """An address, told without what may be a secret: user, password, query."""
        parts = urlsplit(url)
        self.fetched(f"{parts.scheme}://{parts.hostname or ''}{parts.path}")

    def environment(self, name: str, value: Any) -> None:
        """An environment variable was read, or for ALL every one of them."""
        text = os.fsdecode(value) if value is not None else UNSET
        self.seen.setdefault((name, "environ"), Opened(name, "environ", names=text))

    def set_environment(self, name: str) -> None:
        """An environment variable was set: what is read afterwards is the step's own."""
        self.seen.setdefault((name, "environ"), None)

    def unseen(self, what: str) -> None:
        """Something that may read anything without being seen, such as another program."""
        words = " ".join(what.split())
        short = words if len(words) <= _LONGEST_COMMAND else f"{words[:_LONGEST_COMMAND]}…"
        self.seen.setdefault((short, "unseen"), Opened(short, "unseen"))


def _since(path: str, since: int) -> Stamp | None:
    """How a file looks that is looked at late; None where it may have been another one."""
    stamp = stamp_of(path)
    # What was written in between may not be what was read.
    return stamp if stamp is not None and max(stamp[0], stamp[1]) < since else None


def given_name(path: str) -> str | None:
    """The whole name of a path as a user may write it; None for what is no data."""
    local = unquote(urlsplit(path).path) if path.startswith("file:") else path
    return absolute(os.path.expanduser(local)) if local else None


def absolute(path: Any) -> str | None:
    """The whole name of a path; None for devices and for code."""
    if isinstance(path, int):
        return None
    name = os.path.abspath(os.fsdecode(path))
    return None if name.endswith(_NOT_DATA) or f"{name}/".startswith(_DEVICES) else name
