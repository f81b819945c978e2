"""Sees what a step has DuckDB read: DuckDB's own log tells which files its queries open.

Its entry points are watched without a frame of ours between the user's code and DuckDB, which
looks in its caller's frame for the frames that a query names.
"""

from __future__ import annotations

import copyreg
import glob
import importlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from dagbook.execution.held import take_held
from dagbook.execution.paths import package_of
from dagbook.execution.recorder import Recorder, given_name
from dagbook.execution.settings import put_back_too
from dagbook.execution.tables import tables_read
from dagbook.io.stamps import Stamp, stamp_of
from dagbook.records import dataclass
from dagbook.staleness.files import ZONE
from dagbook.versions import database
from dagbook.versions.texts import tables_in
from dagbook.versions.zone import local_zone

NAME = "duckdb"
# What runs queries, and in DuckDB 2 what its relations run them by.
_RUNNING = (
    *("execute", "executemany", "sql", "query", "from_query", "table", "view", "table_function"),
    *("read_csv", "read_json", "read_parquet", "from_csv_auto", "from_parquet", "query_df"),
    *("register", "create_function", "_bind", "_submit", "_prepare_script", "extract_statements"),
)
_ENDING = ("close", "__exit__")
# What makes relations, which are run when they are looked at.
_LAZY = frozenset(["sql", "query", "from_query", "table", "view", "table_function"])
_OLD = "DuckDB before version 1.4, which does not tell which files it reads"
_BEGIN = "CALL enable_logging(['FileSystem', 'QueryLog'])"
_LOGGED = "SELECT type, message FROM duckdb_logs WHERE type IN ('FileSystem', 'QueryLog')"
_IS_ON = "SELECT current_setting('enable_logging')"
_END = ("CALL disable_logging()", "CALL truncate_duckdb_logs()")
_DATABASES = "SELECT path, type FROM duckdb_databases() WHERE NOT internal AND path IS NOT NULL"
_TABLES = (
    "SELECT table_name, '' FROM duckdb_tables() UNION ALL "
    "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal"
)
# Tables that cells have made in a database without a file, and frames that they have registered; what
# is made anew has another number.
_MEMORY = (
    "WITH held AS (SELECT database_name FROM duckdb_databases() WHERE path IS NULL) "
    "SELECT table_name, table_oid FROM duckdb_tables() WHERE database_name IN (FROM held) UNION ALL "
    "SELECT view_name, view_oid FROM duckdb_views() WHERE regexp_matches(sql, '(pandas|arrow)_scan')"
)
_OURS_ASKED = frozenset({_LOGGED, _DATABASES, _TABLES, _MEMORY, *_END, *database.ASKED_HERE})
_IN_MEMORY = ("memory ", "temp ")
_QUOTED = re.compile(r"""'((?:[^']|'')*)'|"([^"]+)\"""")
_OURS = str(Path(__file__).parents[1]) + os.sep


@dataclass(slots=True)
class Log:
    """What one connection has read since `since`, in ns since 1970, as DuckDB tells it.

    `databases`: the files of the databases that were attached then, and how they looked; `memory`:
    the tables and views that its memory held; `held`: what else the default connection held, None
    of another; `relations`: how many queries were made that may be run after the step; `registers`:
    the step has asked for the means to register functions.
    """

    owner: Any
    cursor: Any
    since: int
    databases: Mapping[str, Stamp | None]
    memory: Mapping[str, int]
    held: Mapping[str, str] | None = None
    relations: int = 0
    registers: bool = False


class Queries:
    """DuckDB's entry points, watched while steps run; `recorders` are the steps that a call is for."""

    def __init__(self, recorders: Callable[[], list[Recorder]]) -> None:
        self._recorders = recorders
        self._lock = threading.RLock()
        self._inside = 0
        self._patched = False
        self._busy = threading.local()

    def enter(self) -> None:
        """A step begins."""
        with self._lock:
            self._inside += 1
            if NAME in sys.modules:
                self._watch()

    def leave(self) -> None:
        """A step has ended."""
        with self._lock:
            self._inside -= 1
            module: Any = sys.modules.get(NAME)
            if not self._inside and type(sys.modules.get(NAME)) is _Watched:
                module.__class__ = ModuleType

    def imported(self, name: str) -> None:
        """A module is about to be loaded by a step; of DuckDB it must be watched from the first."""
        if name == NAME and NAME not in sys.modules:
            importlib.import_module(NAME)
            with self._lock:
                self._watch()

    def _watch(self) -> None:
        module: Any = sys.modules[NAME]
        kind = getattr(module, "DuckDBPyConnection", None)
        if not isinstance(kind, type):
            return
        _watching[0] = self
        if not self._patched:
            self._patched = True
            for name in (*_RUNNING, *_ENDING):
                original = vars(kind).get(name)
                if original is not None:
                    setattr(kind, name, _Entry(original, self, name))
        if type(module) is ModuleType and self._inside:
            module.__class__ = _Watched

    def used(self, connection: Any, name: str, frame: FrameType | None) -> None:
        """A method of a connection is about to be called."""
        if not self._inside or getattr(self._busy, "now", False) or _by_ours(frame):
            return
        self._busy.now = True
        try:
            recorders = self._recorders()
            if not recorders:
                return
            first = recorders[0]
            for other in recorders[1:]:
                other.unseen("DuckDB in a thread that may be another asset's")
            if id(connection) not in first.queries:
                first.queries[id(connection)] = _begun(connection, first)
                # Which of its columns are times with a zone is not known from here.
                first.environment(ZONE, local_zone())
            log = first.queries[id(connection)]
            if log is not None and name == "create_function":
                log.registers = True
            if log is not None and name in _LAZY and _package_at(frame) != NAME:
                log.relations += 1
        finally:
            self._busy.now = False

    def asked(self, name: str, frame: FrameType | None) -> None:
        """Something of the module is about to be used: what it does, it does on its own connection."""
        if getattr(self._busy, "now", False) or not self._inside:
            return
        if name in _RUNNING:
            self.used(_default(), name, frame)
        elif name == "connect" and not _by_ours(frame):
            # A database can't be opened in another way while a connection of ours is on it.
            self.end()

    def end(self) -> None:
        """Take in what the step's connections have told, and let go of them."""
        for recorder in self._recorders()[:1]:
            self.end_of(recorder)

    def closing(self, connection: Any) -> None:
        """A connection is about to be closed, and its log with it."""
        self._busy.now = True
        try:
            for recorder in self._recorders()[:1] if self._inside else ():
                self._end(recorder, id(connection))
        finally:
            self._busy.now = False

    def end_of(self, recorder: Recorder) -> None:
        """The same for one step."""
        if not recorder.queries:
            return
        self._busy.now = True
        try:
            for one in list(recorder.queries):
                self._end(recorder, one)
        finally:
            self._busy.now = False

    def _end(self, recorder: Recorder, one: int) -> None:
        log = recorder.queries.pop(one, None)
        if log is None:
            return
        try:
            _take(log, recorder)
        except Exception as error:  # whatever DuckDB raises must not be raised in the user's code
            recorder.unseen(f"DuckDB, which does not tell what it read: {error}")
        finally:
            _close(log.cursor)


class _Entry:
    """A method of a connection that tells when it is asked for."""

    def __init__(self, original: Any, queries: Queries, name: str) -> None:
        self._original = original
        self._queries = queries
        self._name = name
        self.__doc__ = getattr(original, "__doc__", None)

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        bound = self._original.__get__(owner, kind)
        if owner is None:
            return bound
        if self._name in _ENDING:
            # `with` asks for it when it begins, so that it is too early to act on that.
            return partial(_closed, self._queries, owner, bound)
        self._queries.used(owner, self._name, sys._getframe(1))
        return bound


class _Watched(ModuleType):
    """DuckDB's module, which tells when one of its functions is asked for."""

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if _watching and (name in _RUNNING or name == "connect"):
            _watching[0].asked(name, sys._getframe(1))
        return found


def _closed(queries: Queries, owner: Any, close: Callable[..., Any], *args: Any) -> Any:
    queries.closing(owner)
    return close(*args)


_watching: dict[int, Queries] = {}
# Functions that hold the module are sent to other processes by its name, as ever.
copyreg.pickle(_Watched, lambda module: (_by_name, (module.__name__,)))


def _by_name(name: str) -> Any:
    return importlib.import_module(name)


def _default() -> Any:
    return database.default_connection()


def _package_at(frame: FrameType | None) -> str:
    return package_of(frame.f_code.co_filename) if frame is not None else ""


def _by_ours(frame: FrameType | None) -> bool:
    """Whether it is dagbook itself that asks."""
    while frame is not None and _package_at(frame) == NAME:
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(_OURS)


def _begun(connection: Any, recorder: Recorder) -> Log | None:
    """Have DuckDB write down what it does from now on."""
    since = time.time_ns()
    try:
        cursor = connection.cursor()
    except Exception:  # it is closed, which the user's own call will find
        return None
    try:
        databases = [path for path, _ in cursor.execute(_DATABASES).fetchall()]
        on = cursor.execute(_IS_ON).fetchone()[0]
        if on not in (True, "true", "1"):
            stamps = {path: stamp_of(path) for path in databases}
            # A cursor of its own does not see what is there for this connection only.
            memory = dict(connection.execute(_MEMORY).fetchall())
            held = None
            if connection is database.default_connection():
                put_back_too(database.DATABASE)
                database.look_anew()
                held = database.held()
            cursor.execute(_BEGIN)
            return Log(connection, cursor, since, stamps, memory, held)
        recorder.unseen("DuckDB, whose log is in use already")
    except Exception:
        recorder.unseen(_OLD)
    _close(cursor)
    return None


def _close(cursor: Any) -> None:
    try:
        cursor.close()
    except Exception:
        return


def _take(log: Log, recorder: Recorder) -> None:
    """Tell the recorder what the log says."""
    rows = log.cursor.execute(_LOGGED).fetchall()
    attached = dict(log.cursor.execute(_DATABASES).fetchall())
    tables = dict(log.cursor.execute(_TABLES).fetchall())
    database.look_anew()
    for text in _END:
        log.cursor.execute(text)
    asked = [text for kind, text in rows if kind == "QueryLog" and text not in _OURS_ASKED]
    for path in {*attached, *log.databases}:
        # By its tables it may count, as a file it does not.
        recorder.wrote(given_name(path) or path)
    _take_files(_files(rows), {*attached, *log.databases}, log, recorder)
    views = {f"view {name}": text for name, text in tables.items() if text}
    called = database.reached("\n".join(asked), views, partial(database.functions, log.owner))
    texts = [*asked, *called.values()]
    recorder.unnamed.update(_unnamed(rows, texts))
    for text in texts:
        for pattern in _patterns(text):
            recorder.note(pattern, "globbed")
            recorder.unnamed.difference_update(glob.glob(pattern, recursive=True))
    for text in asked:
        recorder.tables.update(tables_in(text))
    try:
        now = dict(log.owner.execute(_MEMORY).fetchall())
    except Exception:  # it is in use
        now = dict(log.memory)
    held = frozenset(name for name, number in log.memory.items() if now.get(name) == number)
    anything = log.relations > len(asked)
    if held and (anything or tables_read(texts, held)):
        recorder.unseen("a query of a table in DuckDB's memory")
    if log.held is not None:
        made = {name.lower() for name in now if name not in held}
        take_held(log.held, made, asked, recorder, registers=log.registers, anything=anything)
    if not attached:
        return
    macros = [text for name, text in called.items() if name.startswith("macro ")]
    in_file = any(not text.startswith(_IN_MEMORY) for text in macros)
    if anything or in_file or tables_read(texts, frozenset(tables)):
        for path, kind in attached.items():
            _take_database(path, kind, log, recorder)


def _files(rows: Iterable[tuple[str, str]]) -> dict[str, bool]:
    """The files of a log, and whether each was read before it was written."""
    first: dict[str, str] = {}
    for kind, text in rows:
        if kind == "FileSystem":
            entry = json.loads(text)
            path = str(entry["path"])
            if first.get(path, "OPEN") in ("OPEN", "CLOSE"):
                first[path] = entry["op"]
    return {path: done != "WRITE" for path, done in first.items()}


def _take_files(
    files: Mapping[str, bool], databases: Iterable[str], log: Log, recorder: Recorder
) -> None:
    apart = {one for path in databases for one in (path, f"{path}.wal")}
    for path, read in files.items():
        if path in apart:
            continue
        if "://" in path:
            recorder.fetched_url(path)
        elif read:
            recorder.read_since(path, log.since)
        else:
            folder, name = os.path.split(path)
            # Written under a passing name first.
            for own in (path, os.path.join(folder, name.removeprefix("tmp_"))):
                recorder.wrote(given_name(own) or own)


def _take_database(path: str, kind: str, log: Log, recorder: Recorder) -> None:
    """A database of which the step read tables that it had not written."""
    name = given_name(path)
    if name is None or not os.path.exists(name):
        recorder.fetched(f"{kind} database")
        return
    recorder.database(name, log.databases.get(path), log.since)


def _unnamed(rows: Iterable[tuple[str, str]], texts: Iterable[str]) -> Iterator[str]:
    """The files that were read without being named in a query: by a parameter, perhaps a pattern."""
    said = "\n".join(texts).replace("''", "'")
    for path, read in _files(rows).items():
        if read and "://" not in path and os.path.basename(path) not in said:
            yield os.path.abspath(path)


def _patterns(text: str) -> Iterator[str]:
    """The patterns of files that a query names."""
    for match in _QUOTED.finditer(text):
        path = (match[1] or match[2] or "").replace("''", "'")
        if glob.has_magic(path) and "://" not in path:
            name = given_name(path)
            if name is not None and not os.path.exists(name) and glob.glob(name, recursive=True):
                yield name
