"""Sees which files a step opens for reading, by Python's audit events and by the paths that it gives.

Reads that a library makes in C++ or Rust raise no such event: see `execution.paths`.
"""

from __future__ import annotations

import glob
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any
from urllib.parse import unquote, urlsplit

from dagbook.execution.paths import Replaced, Use, named_by
from dagbook.io.stamps import names_in, stamp_of
from dagbook.staleness.files import Opened

_WRITES = os.O_WRONLY | os.O_TRUNC
_NOT_DATA = (".pyc", ".so", ".pyd", ".dll")
# Look on the path for packages and their entry points, as matplotlib and pyarrow make them do.
_FINDING = (f"{os.sep}importlib{os.sep}metadata{os.sep}", f"{os.sep}pkgutil.py")
_GLOBBING = ("glob.py", "pathlib.py", "_abc.py", "_local.py")
_DEVICES = ("/proc/", "/sys/", "/dev/")


@dataclass(slots=True)
class Recorder:
    """What one step has opened so far, in order; what it wrote first is its own."""

    seen: dict[tuple[str, str], Opened | None] = field(default_factory=dict)

    @property
    def opened(self) -> tuple[Opened, ...]:
        """What came from outside."""
        return tuple([one for one in self.seen.values() if one is not None])

    def note(self, path: str, kind: str) -> None:
        """A read, or what a folder or a pattern was asked for."""
        if (path, kind) not in self.seen:
            # Looked at now: the step may write there itself.
            names = names_in(path) if kind == "listed" else ""
            self.seen[path, kind] = Opened(path, kind, stamp_of(path), names)

    def wrote(self, path: str) -> None:
        """A write: what is read afterwards is the step's own."""
        self.seen.setdefault((path, "opened"), None)

    def asked(self, path: str) -> None:
        """Whether something is there; not of what the step has written."""
        if self.seen.get((path, "opened"), True) is not None:
            self.note(path, "exists")

    def named(self, fn: object) -> None:
        """The files that the body names, when it has run: they may have been read unseen."""
        token = _looking.set(True)
        try:
            for path in named_by(fn):
                self._named(path)
        finally:
            _looking.reset(token)

    def _named(self, path: str) -> None:
        try:
            name = _given_name(path)
            if name is None or (name, "opened") in self.seen:
                return
            if os.path.isfile(name):
                self.note(name, "opened")
            elif glob.has_magic(name) and os.path.splitext(name)[1] and glob.glob(name):
                _read_all(self, name)
        except (OSError, ValueError):
            return

    def fetched(self, what: str) -> None:
        """Something from the network."""
        self.seen.setdefault((what, "fetched"), Opened(what, "fetched"))


_current: ContextVar[Recorder | None] = ContextVar("dagbook_opened", default=None)
# Our own look at a folder is no step's.
_looking: ContextVar[bool] = ContextVar("dagbook_looking", default=False)
_running: list[Recorder] = []
_installed = threading.Event()


@contextmanager
def recording_opens() -> Iterator[Recorder]:
    """Record what this step opens for reading, also in threads that it starts."""
    if not _installed.is_set():
        # There is no way to take a hook out again; it does nothing while no step runs.
        sys.addaudithook(_hook)
        _installed.set()
    recorder = Recorder()
    token = _current.set(recorder)
    _running.append(recorder)
    _replaced.enter()
    try:
        yield recorder
    finally:
        _replaced.leave()
        _running.remove(recorder)
        _current.reset(token)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _running or _looking.get():
        return
    note = _NOTES.get(event)
    if note is None:
        return
    token = _looking.set(True)
    try:
        for recorder in _recorders():
            note(recorder, *arguments)
    except Exception:
        # What raises here would be raised in the user's code.
        return
    finally:
        _looking.reset(token)


def _used(path: str, use: Use) -> None:
    """A path that a library was given, or that was asked about."""
    if not _running or _looking.get():
        return
    token = _looking.set(True)
    try:
        for recorder in _recorders():
            _USES[use](recorder, path)
    except (OSError, ValueError):
        # What raises here would be raised in the user's code, which will meet it by itself.
        return
    finally:
        _looking.reset(token)


def _read(recorder: Recorder, path: str) -> None:
    if "://" in path and not path.startswith("file:"):
        parts = urlsplit(path)
        recorder.fetched(f"{parts.scheme}://{parts.hostname or ''}{parts.path}")
        return
    name = _given_name(path)
    if name is None:
        return
    if os.path.isdir(name):
        _read_all(recorder, os.path.join(glob.escape(name), "**"))
    elif glob.has_magic(name) and not os.path.exists(name):
        _read_all(recorder, name)
    else:
        recorder.note(name, "opened")


def _read_all(recorder: Recorder, pattern: str) -> None:
    """All that a pattern finds, and that it finds no more."""
    recorder.note(pattern, "globbed")
    for name in glob.iglob(pattern, recursive=True):
        if os.path.isfile(name):
            recorder.note(name, "opened")


def _written(recorder: Recorder, path: str) -> None:
    name = _given_name(path)
    if name is not None:
        recorder.wrote(name)


def _exists(recorder: Recorder, path: str) -> None:
    name = _absolute(path)
    if name is not None:
        recorder.asked(name)


def _given_name(path: str) -> str | None:
    local = unquote(urlsplit(path).path) if path.startswith("file:") else path
    return _absolute(os.path.expanduser(local)) if local else None


_USES: Mapping[Use, Callable[[Recorder, str], None]] = {
    "read": _read,
    "write": _written,
    "exists": _exists,
}
_replaced = Replaced(_used)


def _recorders() -> list[Recorder]:
    """The step that this thread works for; a thread of unknown origin may work for any of them."""
    own = _current.get()
    if own is not None:
        return [own]
    if threading.current_thread() is threading.main_thread():
        return []
    return list(_running)


def _open(recorder: Recorder, path: Any, mode: Any, flags: Any) -> None:
    name = _absolute(path)
    if name is None or _by_import():
        return
    if isinstance(flags, int) and flags & _WRITES:
        recorder.wrote(name)
    else:
        recorder.note(name, "opened")


def _list(recorder: Recorder, path: Any) -> None:
    name = _absolute("." if path is None else path)
    if name is not None and not _by_import():
        recorder.note(name, "listed")


def _scan(recorder: Recorder, path: Any) -> None:
    # What a pattern matches was told by an event of its own.
    if not _by_globbing():
        _list(recorder, path)


def _glob(recorder: Recorder, pattern: Any, _recursive: Any, root: Any, *_rest: Any) -> None:
    base = os.path.abspath(os.fsdecode(root)) if root is not None else os.getcwd()
    recorder.note(os.path.join(base, os.fsdecode(pattern)), "globbed")


def _path_glob(recorder: Recorder, folder: Any, pattern: Any) -> None:
    recorder.note(os.path.join(os.path.abspath(folder), os.fspath(pattern)), "globbed")


def _path_rglob(recorder: Recorder, folder: Any, pattern: Any) -> None:
    recorder.note(os.path.join(os.path.abspath(folder), "**", os.fspath(pattern)), "globbed")


def _sqlite(recorder: Recorder, database: Any) -> None:
    text = os.fsdecode(database)
    if text.startswith("file:"):
        text = unquote(urlsplit(text).path)
    name = _absolute(text) if text and not text.startswith(":") else None
    if name is not None:
        recorder.note(name, "opened")
        recorder.note(f"{name}-wal", "opened")


def _request(recorder: Recorder, url: Any, *_rest: Any) -> None:
    parts = urlsplit(str(url))
    if parts.scheme != "file":
        # Without what may be a secret: user, password, query.
        recorder.fetched(f"{parts.scheme}://{parts.hostname or ''}{parts.path}")


def _connect(recorder: Recorder, _self: Any, host: Any, _port: Any) -> None:
    recorder.fetched(str(host))


_NOTES: Mapping[str, Callable[..., None]] = {
    "open": _open,
    "os.listdir": _list,
    "os.scandir": _scan,
    "glob.glob/2": _glob,
    "pathlib.Path.glob": _path_glob,
    "pathlib.Path.rglob": _path_rglob,
    "sqlite3.connect": _sqlite,
    "urllib.Request": _request,
    "http.client.connect": _connect,
}


def _absolute(path: Any) -> str | None:
    if isinstance(path, int):
        return None
    name = os.path.abspath(os.fsdecode(path))
    return None if name.endswith(_NOT_DATA) or f"{name}/".startswith(_DEVICES) else name


def _by_import() -> bool:
    """Whether Python asks for modules or installed packages: what it loads is followed as code."""
    if any(code.co_filename.startswith("<frozen importlib") for code in _callers(6)):
        return True
    return any(name in code.co_filename for code in _callers(10) for name in _FINDING)


def _by_globbing() -> bool:
    """Whether a folder is only looked through for a pattern."""
    for code in _callers(6):
        if code.co_name == "iterdir":
            return False
        if code.co_filename.endswith(_GLOBBING):
            return True
    return False


def _callers(depth: int) -> Iterator[CodeType]:
    """The code that runs, innermost first."""
    frame: FrameType | None = sys._getframe(1)
    for _ in range(depth):
        if frame is None:
            return
        yield frame.f_code
        frame = frame.f_back
