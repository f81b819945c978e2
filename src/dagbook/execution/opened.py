"""Sees which files a step opens for reading, by Python's audit events and by the paths that it gives.

Reads that a library makes in C++ or Rust raise no such event: see `execution.paths`.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any
from urllib.parse import unquote, urlsplit

from dagbook.audit import listen
from dagbook.execution.environment import Environment
from dagbook.execution.paths import (
    WRITES,
    Replaced,
    Use,
    is_own,
    name_of_number,
    named_by,
    package_of,
)
from dagbook.execution.queries import Queries
from dagbook.execution.recorder import Recorder, absolute, given_name
from dagbook.execution.workers import Workers
from dagbook.io.stamps import OWN_LOOK
from dagbook.staleness.files import ZONE
from dagbook.versions.bytecode import nested_codes
from dagbook.versions.caches import forgotten, remembers
from dagbook.versions.named import frames_named
from dagbook.versions.zone import local_zone

# Look on the path for packages and their entry points, as matplotlib and pyarrow make them do.
_FINDING = (f"{os.sep}importlib{os.sep}metadata{os.sep}", f"{os.sep}pkgutil.py")
# Looks so for packages by `safe_listdir`, and for what they hold by other functions.
_SETUPTOOLS = f"{os.sep}pkg_resources{os.sep}__init__.py"
_REMOVING = ("shutil.py", "tempfile.py")
_GLOBBING = ("glob.py", "pathlib.py", "_abc.py", "_local.py")
# What libraries ask of the machine that they run on, by other programs.
_ASKING_THE_MACHINE = frozenset(
    ["joblib", "loky", "matplotlib", "numba", "numpy", "psutil", "scipy", "sklearn", "torch"]
)
_OURS = str(Path(__file__).parents[1]) + os.sep
_OF_ENTRIES = frozenset({"is_dir", "is_file", "is_symlink", "stat"})
_POOLS = f"{os.sep}multiprocessing{os.sep}"
_OF_THE_MACHINE = (
    "platform.py",
    f"ctypes{os.sep}util.py",
    "sysconfig.py",
    "uuid.py",
    "webbrowser.py",
)


_current: ContextVar[Recorder | None] = ContextVar("dagbook_opened", default=None)
_looking = OWN_LOOK
_running: list[Recorder] = []


@contextmanager
def recording_opens() -> Iterator[Recorder]:
    """Record what this step opens for reading, also in threads that it starts."""
    _listen()
    recorder = Recorder(_settle, forgotten=forgotten())
    token = _current.set(recorder)
    _running.append(recorder)
    # Of two that begin at the same moment one at least finds the other.
    for one in [one for one in _running if one is not recorder]:
        recorder.beside.append(one)
        one.beside.append(recorder)
    _replaced.enter()
    _queries.enter()
    _environment.enter()
    _workers.enter()
    try:
        yield recorder
    finally:
        recorder.named(None)
        _environment.leave()
        _queries.leave()
        _replaced.leave()
        _running.remove(recorder)
        _current.reset(token)


def reads_time_zone() -> None:
    """The step depends on the time zone of the machine."""
    for recorder in _recorders():
        recorder.environment(ZONE, local_zone())


def reads_from_folder() -> None:
    """The step reads files by paths that lead from the working folder."""
    for recorder in _recorders():
        recorder.in_folder()


def names_files(texts: Iterable[str]) -> None:
    """The step has a library read the files that these texts name, where they name any."""
    named = tuple(texts)
    for recorder in _recorders():
        recorder.named_in(named)


def _settle(recorder: Recorder, fn: object) -> None:
    """Take in what is only told after the body has run: by its queries, and by its own text."""
    if recorder.beside and (remembers() or recorder.forgotten != forgotten()):
        # A cached function may have given this step what others have read meanwhile.
        recorder.take_in(recorder.beside)
    if fn is None and not (recorder.queries or recorder.unnamed or recorder.tables):
        return
    token = _looking.set(True)
    try:
        _queries.end_of(recorder)
        if fn is not None:
            recorder.named_in(named_by(fn))
        recorder.match_unnamed()
        if recorder.tables and type(fn) is FunctionType:
            for name in frames_named(recorder.tables, fn.__code__, fn.__globals__):
                recorder.unseen(f"a query that names `{name}` in no text of the body")
    finally:
        _looking.reset(token)


@cache
def _listen() -> None:
    """Hear of what steps do from now on; while none runs nothing is noted."""
    for event, note in _NOTES.items():
        listen(event, partial(_heard, note))


def _heard(note: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    if not _running or _looking.get():
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


def _written(recorder: Recorder, path: str) -> None:
    name = given_name(path)
    if name is not None:
        recorder.wrote(name)


def _found(recorder: Recorder, path: str) -> None:
    """A program that was looked for."""
    name = recorder.name_of(path, absolute)
    recorder.asked(name or "", "looked")
    folders = os.environ.get("PATH", "")
    if os.path.dirname(path) in folders.split(os.pathsep):
        recorder.environment("PATH", folders)


def _seen(kind: str) -> Callable[[Recorder, str], None]:
    def note(recorder: Recorder, path: str) -> None:
        recorder.asked(recorder.name_of(path, absolute) or "", kind)

    return note


_USES: Mapping[Use, Callable[[Recorder, str], None]] = {
    "read": Recorder.read,
    "write": _written,
    "exists": _seen("exists"),
    "looked": _seen("looked"),
    "stamped": _seen("stamped"),
    "program": _found,
    "linked": _seen("linked"),
    "named": Recorder.name_file,
    "folder": lambda recorder, _: recorder.in_folder(),
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


def _recorders_of_others() -> list[Recorder]:
    """The same, and none while we look ourselves."""
    return [] if _looking.get() or not _running else _recorders()


_queries = Queries(_recorders)
_environment = Environment(_recorders_of_others)
_workers = Workers(_recorders_of_others)


def _import(_recorder: Recorder, name: Any, *_rest: Any) -> None:
    _queries.imported(str(name))
    # What was loaded before this is complete by now.
    _workers.enter()


def _program(recorder: Recorder, program: Any, *rest: Any) -> None:
    """Another program, which may read anything: `subprocess`, `os.posix_spawn`, `os.system`."""
    if _about_the_machine():
        return
    words = rest[0] if rest and rest[0] else program
    texts = [words] if isinstance(words, (str, bytes, os.PathLike)) else list(words)
    recorder.unseen("program " + " ".join(os.fsdecode(one) for one in texts))


def _process(recorder: Recorder, *_rest: Any) -> None:
    """Another process that begins as this one; what pools are given is told of apart."""
    if not _about_the_machine() and not any(_POOLS in c.co_filename for c in _callers(12)):
        recorder.unseen("another process")


def _about_the_machine() -> bool:
    return any(
        code.co_filename.endswith(_OF_THE_MACHINE)
        or package_of(code.co_filename) in _ASKING_THE_MACHINE
        for code in _callers(12)
    )


def _open(recorder: Recorder, path: Any, mode: Any, flags: Any) -> None:
    if _by_import():
        return
    name = recorder.name_of(path, absolute)
    # Of a folder nothing is read by that: what is in it is asked for apart.
    if name is None or (mode is None and os.path.isdir(name)):
        return
    if isinstance(flags, int) and flags & WRITES:
        recorder.wrote(name)
    else:
        recorder.note(name, "opened")


def _list(recorder: Recorder, path: Any) -> None:
    if type(path) is int:
        # What is taken away is gone through by numbers.
        removed = any(code.co_filename.endswith(_REMOVING) for code in _callers(6))
        path = None if removed else name_of_number(path)
        if path is None:
            return
    name = None if _by_import() else recorder.name_of("." if path is None else path, absolute)
    if name is not None:
        recorder.note(name, "listed")


def _move(recorder: Recorder, path: Any) -> None:
    if not isinstance(path, int) and not os.path.isabs(path):
        recorder.in_folder()


def _scan(recorder: Recorder, path: Any) -> None:
    # What a pattern matches was told by an event of its own.
    if not _by_globbing():
        _list(recorder, path)
        if type(path) is not int and _asks_entries():
            recorder.asked(
                recorder.name_of("." if path is None else path, absolute) or "", "entries"
            )


def _glob(recorder: Recorder, pattern: Any, _recursive: Any, root: Any, *_rest: Any) -> None:
    whole = os.path.join(os.fsdecode(root or ""), os.fsdecode(pattern))
    recorder.note(recorder.name_of(whole, os.path.abspath) or "", "globbed")


def _path_glob(recorder: Recorder, folder: Any, pattern: Any) -> None:
    whole = os.path.join(folder, os.fspath(pattern))
    recorder.note(recorder.name_of(whole, os.path.abspath) or "", "globbed")


def _path_rglob(recorder: Recorder, folder: Any, pattern: Any) -> None:
    _path_glob(recorder, folder, os.path.join("**", os.fspath(pattern)))


def _sqlite(recorder: Recorder, database: Any) -> None:
    text = os.fsdecode(database)
    if text.startswith("file:"):
        text = unquote(urlsplit(text).path)
    name = recorder.name_of(text, absolute) if text and not text.startswith(":") else None
    if name is not None:
        recorder.note(name, "opened")
        recorder.note(f"{name}-wal", "opened")


def _request(recorder: Recorder, url: Any, *_rest: Any) -> None:
    if not str(url).startswith("file:"):
        recorder.fetched_url(str(url))


def _connect(recorder: Recorder, _self: Any, host: Any, _port: Any) -> None:
    recorder.fetched(str(host))


_NOTES: Mapping[str, Callable[..., None]] = {
    "open": _open,
    "os.chdir": _move,
    "os.listdir": _list,
    "os.scandir": _scan,
    "glob.glob/2": _glob,
    "pathlib.Path.glob": _path_glob,
    "pathlib.Path.rglob": _path_rglob,
    "sqlite3.connect": _sqlite,
    "urllib.Request": _request,
    "http.client.connect": _connect,
    "import": _import,
    "subprocess.Popen": _program,
    "os.system": _program,
    "os.posix_spawn": _program,
    "os.fork": _process,
    "os.forkpty": _process,
}


def _by_import() -> bool:
    """Whether Python asks for modules or installed packages: what it loads is followed as code."""
    callers = [*_callers(6)]
    loading = [code for code in callers if code.co_filename.startswith("<frozen importlib")]
    if loading:
        # `pkgutil.get_data` asks a loader for what is no module.
        return not any(
            code.co_name == "get_data" and "pkgutil" in code.co_filename for code in callers
        )
    for code in _callers(10):
        if any(name in code.co_filename for name in _FINDING):
            return True
        if code.co_name == "safe_listdir" and code.co_filename.endswith(_SETUPTOOLS):
            return True
    return False


def _by_globbing() -> bool:
    """Whether a folder is only looked through for a pattern."""
    for code in _callers(6):
        if code.co_name == "iterdir":
            return False
        if code.co_filename.endswith(_GLOBBING):
            return True
    return False


def _asks_entries() -> bool:
    """Whether the user's own code goes through a folder and asks more than the names in it."""
    for code in _callers(8):
        if not code.co_filename.startswith(_OURS):
            names = {name for inner in nested_codes(code) for name in inner.co_names}
            return is_own(code.co_filename) and not _OF_ENTRIES.isdisjoint(names)
    return False


def _callers(depth: int) -> Iterator[CodeType]:
    """The code that runs, innermost first."""
    frame: FrameType | None = sys._getframe(1)
    for _ in range(depth):
        if frame is None:
            return
        yield frame.f_code
        frame = frame.f_back
