"""Sees the paths that a step gives to libraries whose readers are in C++ or Rust, and those it asks about.

No audit event tells of them. Yet pandas, polars and pyarrow expand the `~` of each path by
`os.path.expanduser` before it goes below Python, what asks whether a file is there, how large or
how old it is ends in `os.stat`, and what makes a path absolute asks `os.getcwd`: these are replaced
while a step runs, whatever name the reader was imported by.
"""

from __future__ import annotations

import functools
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from types import CodeType, FrameType, FunctionType
from typing import Any, Literal

from dagbook.versions.bytecode import nested_codes
from dagbook.versions.origin import home_of_file

Use = Literal[
    "read", "write", "exists", "looked", "stamped", "linked", "named", "folder", "program"
]
Tell = Callable[[str, Use], None]

_READERS = frozenset({"pandas", "polars", "pyarrow", "fsspec", "geopandas", "dask", "xarray"})
_WRITING = ("write", "sink", "save")
_INSTALLED = ("site-packages", "dist-packages")
_ASKING = ("pathlib.py", "_abc.py", "_local.py", "genericpath.py", "<frozen genericpath>")
# Pathlib asks for reasons of its own as well, such as in `mkdir`.
_ABOUT_A_FILE = frozenset(
    {"exists", "is_file", "is_dir", "is_symlink", "isfile", "isdir", "islink", "lexists"}
    | {"is_block_device", "is_char_device", "is_fifo", "is_mount", "is_socket"}
)
# What else than its size, its mode and the time of its content makes it another one.
_STAMPED = frozenset({"getctime", "group", "owner", "samefile"})
_OF_A_FILE = frozenset({"stat", "lstat", "getsize", "getmtime"}) | _STAMPED
_LOOKED = frozenset({"st_mode", "st_mtime", "st_mtime_ns", "st_size"})
_ASKING_LINKS = (*_ASKING, "posixpath.py", "<frozen posixpath>", "ntpath.py", "<frozen ntpath>")
_FINDING = frozenset({"which", "_access_check"})
_SHUTIL = f"{os.sep}shutil.py"
_LONGEST_PATH = 4096
_QUOTED = re.compile(r"""(?P<quote>['"])(?P<path>[^'"\n]+\.[A-Za-z0-9]{1,8})(?P=quote)""")
_LAZY = frozenset({"LazyFrame", "FileSystemDataset"})
_IN_PLAN = re.compile(r"SCAN \[(?P<paths>[^\]\n]+?)(?P<more>, \.\.\. \d+ other sources)?\]")
_IN_SQL = re.compile(r"'((?:[^']|'')+)'")
WRITES = os.O_WRONLY | os.O_TRUNC
# What holds the connection to a database in a file.
_CONNECTIONS = frozenset({("sqlite3", "Connection"), ("sqlalchemy", "Engine")})
_OURS = str(Path(__file__).parents[1]) + os.sep


class Replaced:
    """These functions of `os` and `os.path`, replaced from the first `enter` to the last `leave`."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._inside = 0
        self._before: list[Any] = []
        # Where each stands, its name there, what stands there while steps run and what before.
        self._each: list[tuple[dict[str, Any], str, Any, Any]] = []

    def enter(self) -> None:
        """Replace them, where they are not yet."""
        with self._lock:
            self._inside += 1
            _watch_queries(self._tell)
            if self._inside == 1:
                now = [space[name] for space, name, _ in _REPLACED]
                if now != self._before:
                    self._before = now
                    self._each = [
                        (space, name, _instead(one, self._tell, use_of), one)
                        for one, (space, name, use_of) in zip(now, _REPLACED, strict=True)
                    ]
                for space, name, ours, _ in self._each:
                    space[name] = ours

    def leave(self) -> None:
        """Put them back, unless somebody has replaced them since."""
        with self._lock:
            self._inside -= 1
            if self._inside:
                return
            for space, name, ours, before in self._each:
                if space[name] is ours:
                    space[name] = before


def _instead(
    original: Callable[..., Any], tell: Tell, use_of: Callable[[FrameType], Use | None] | None
) -> Callable[..., Any]:
    if use_of is None:
        how = _told_open if original.__name__ == "open" else _told_folder
        return how(original, tell)
    return _told(original, tell, use_of)


def _told(
    original: Callable[..., Any], tell: Tell, use_of: Callable[[FrameType], Use | None]
) -> Callable[..., Any]:
    @functools.wraps(original)
    def instead(path: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(path, (str, os.PathLike)) or type(path) is int:
            use = use_of(sys._getframe(1))
            name = name_of(path, kwargs.get("dir_fd")) if use is not None else None
            if use is not None and name is not None:
                tell(name, use)
        return original(path, *args, **kwargs)

    return instead


def _told_open(original: Callable[..., Any], tell: Tell) -> Callable[..., Any]:
    """The audit event of this says nothing of the folder from which the path leads."""

    @functools.wraps(original)
    def instead(path: Any, flags: int, *args: Any, **kwargs: Any) -> Any:
        folder = kwargs.get("dir_fd")
        name = name_of(path, folder) if folder is not None else None
        if name is not None and os.path.isfile(name):
            tell(name, "write" if flags & WRITES else "read")
        return original(path, flags, *args, **kwargs)

    return instead


def name_of(path: Any, folder: int | None = None) -> str | None:
    """A path as it leads from the working folder; `folder` is one that is open by this number."""
    if type(path) is int:
        return name_of_number(path)
    name = os.fsdecode(path)
    known = name_of_number(folder) if folder is not None else None
    return name if known is None else os.path.join(known, name)


def name_of_number(number: int) -> str | None:
    """The file or folder that is open by a number; None for what is none, such as a pipe."""
    try:
        name = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return None
    return name if os.path.isabs(name) else None


def _told_folder(original: Callable[[], str], tell: Tell) -> Callable[[], str]:
    @functools.wraps(original)
    def instead() -> str:
        for code in _codes(sys._getframe(1)):
            if not code.co_filename.endswith((*_ASKING, "path.py", "path>")):
                if is_own(code.co_filename):
                    tell("", "folder")
                break
        return original()

    return instead


def _watch_queries(tell: Tell) -> None:
    """Have Polars tell the texts in its queries, which it reads as paths without another word."""
    context = getattr(sys.modules.get("polars"), "SQLContext", None)
    execute = vars(context).get("execute") if isinstance(context, type) else None
    if type(execute) is not FunctionType or hasattr(execute, "__wrapped__"):
        return

    @functools.wraps(execute)
    def instead(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        for text in _IN_SQL.findall(query) if isinstance(query, str) else ():
            tell(text.replace("''", "'"), "named")
        return execute(self, query, *args, **kwargs)

    setattr(context, "execute", instead)  # noqa: B010  # the class is not known here


def _given(frame: FrameType) -> Use | None:
    """What a library that reads tables does with a path."""
    if package_of(frame.f_code.co_filename) not in _READERS:
        return None
    for code in _codes(frame):
        if not package_of(code.co_filename):
            break
        name = code.co_qualname.lower()
        if code.co_name.startswith("to_") or any(word in name for word in _WRITING):
            return "write"
    return "read"


def _asked(frame: FrameType) -> Use | None:
    """What the user's own code asks about a file by its path."""
    names: list[str] = []
    for code in _codes(frame):
        if code.co_filename.endswith(_ASKING_LINKS):
            names.append(code.co_name)
        elif _finds(code):
            return _program(frame)
        elif is_own(code.co_filename) and _OF_A_FILE.union(_ABOUT_A_FILE).issuperset(names):
            if _ABOUT_A_FILE.intersection(names):
                return "exists"
            # Its size is that of its content; its times and its mode are another matter.
            asked = {name for name in code.co_names if name.startswith("st_")}
            plain = not asked and "getsize" not in names and "getmtime" not in names
            if plain or asked - _LOOKED or not _STAMPED.isdisjoint(names):
                return "stamped"
            return "read" if "getsize" in names or asked == {"st_size"} else "looked"
        else:
            return None
    return None


def _linked(frame: FrameType) -> Use | None:
    """Where a link leads, whoever asks for that on behalf of the user's own code."""
    for code in _codes(frame):
        if not code.co_filename.endswith(_ASKING_LINKS):
            return "linked" if is_own(code.co_filename) else None
    return None


def _accessed(frame: FrameType) -> Use | None:
    if _finds(frame.f_code):
        return _program(frame)
    return "exists" if is_own(frame.f_code.co_filename) else None


def _finds(code: CodeType) -> bool:
    """Whether it is `shutil` that looks for a program."""
    return code.co_name in _FINDING and code.co_filename.endswith(_SHUTIL)


def _program(frame: FrameType) -> Use | None:
    """A program that the user's own code looks for."""
    codes = list(_codes(frame))
    last = max(at for at, code in enumerate(codes) if _finds(code))
    own = last + 1 < len(codes) and is_own(codes[last + 1].co_filename)
    return "program" if own else None


# What is replaced, and what each call is for; the last ones are told of apart.
_REPLACED: tuple[tuple[dict[str, Any], str, Callable[[FrameType], Use | None] | None], ...] = (
    (vars(os.path), "expanduser", _given),
    (vars(os), "stat", _asked),
    (vars(os), "lstat", _asked),
    (vars(os), "readlink", _linked),
    (vars(os), "access", _accessed),
    (vars(os), "fstat", _asked),
    (vars(os), "getcwd", None),
    (vars(os), "open", None),
)


def _codes(frame: FrameType | None) -> Iterator[CodeType]:
    while frame is not None:
        yield frame.f_code
        frame = frame.f_back


@functools.lru_cache(maxsize=4096)
def package_of(filename: str) -> str:
    """The installed package that a source file is of; empty where it is of none."""
    parts = filename.split(os.sep)
    for folder in _INSTALLED:
        if folder in parts[:-1]:
            return parts[parts.index(folder) + 1]
    return ""


@functools.lru_cache(maxsize=4096)
def is_own(filename: str) -> bool:
    """Whether a source file is the user's, and neither a package's nor ours."""
    return not filename.startswith(_OURS) and home_of_file(filename) == "own"


def named_by(fn: object) -> Iterator[str]:
    """The texts that a function, and those of the user's that it calls, hold and that may name files.

    Literals, what is quoted in literals (such as SQL), the texts and paths of global names, and the
    files of queries that are put together there.
    """
    todo: list[Any] = [fn]
    seen = set[int]()
    while todo:
        one = todo.pop()
        # Never `isinstance`: the value's own class may say that it is another, or raise.
        kind = type(one)
        if kind is str or issubclass(kind, PurePath):
            yield from _in_text(os.fsdecode(one))
        elif kind.__name__ in _LAZY and kind.__module__.partition(".")[0] in _READERS:
            yield from _read_later(one)
        elif kind.__module__ == "_io" and isinstance(getattr(one, "name", None), str):
            yield one.name
        elif (kind.__module__.partition(".")[0], kind.__name__) in _CONNECTIONS:
            yield from _files_of(one)
        elif kind is FunctionType and id(one) not in seen:
            seen.add(id(one))
            if is_own(one.__code__.co_filename):
                for code in nested_codes(one.__code__):
                    todo += [text for text in code.co_consts if isinstance(text, str)]
                    todo += [one.__globals__.get(name) for name in code.co_names]


def _read_later(value: Any) -> Iterator[str]:
    """The files of a query of Polars or a data set of Arrow, which is read where it is used."""
    if hasattr(value, "files"):
        yield from value.files
        return
    try:
        plan = value.explain(optimized=False)
    except Exception:  # such as of a file that is not there, which the user's own call will find
        return
    for match in _IN_PLAN.finditer(plan):
        paths = match["paths"].split(", ")
        if match["more"]:  # of many it names the first only
            folder, name = os.path.split(paths[0])
            paths = [os.path.join(folder, f"*{os.path.splitext(name)[1]}")]
        yield from paths


def _files_of(connection: Any) -> Iterator[str]:
    """The files of the databases that a connection of a cell leads to."""
    try:
        if hasattr(connection, "url"):
            files = [connection.url.database]
        else:
            files = [file for _, _, file in connection.execute("PRAGMA database_list")]
    except Exception:  # it is closed, or of another thread
        return
    for file in filter(None, files):
        yield from (file, f"{file}-wal")


def _in_text(text: str) -> Iterator[str]:
    if len(text) <= _LONGEST_PATH and "\n" not in text and ("." in text or os.sep in text):
        yield text
    if "'" in text or '"' in text:
        for match in _QUOTED.finditer(text):
            yield match["path"]
