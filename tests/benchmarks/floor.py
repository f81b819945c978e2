"""The work that keeping a result cannot avoid: its fingerprint, its blob, three rows of events."""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
import time
from pathlib import Path
from typing import Literal

from tests.benchmarks.layered import edges

Level = Literal["batch", "NORMAL", "FULL"]

_TABLES = """
CREATE TABLE events (n INTEGER PRIMARY KEY, run TEXT, asset TEXT, kind TEXT, time REAL, body TEXT);
CREATE TABLE blobs (address TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID;
"""


def open_floor(path: Path, level: Level) -> sqlite3.Connection:
    """An empty store in which one commit an asset (for `batch`: one a run) is as durable as asked."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if level == 'FULL' else 'NORMAL'}")
    connection.executescript(_TABLES)
    return connection


def keep(connection: sqlite3.Connection, number: int, value: object, *, commit: bool) -> None:
    """Keep one asset's small value and its three events."""
    content = pickle.dumps(value, protocol=5)
    fingerprint = hashlib.blake2b(b"code" + content, digest_size=16).hexdigest()
    run = connection.execute
    if commit:
        run("BEGIN IMMEDIATE")
    run("INSERT OR IGNORE INTO blobs VALUES (?, ?)", (fingerprint, content))
    for kind in ("started", "materialized", "finished"):
        row = ("run", f"asset_{number}", kind, time.time(), fingerprint)
        run("INSERT INTO events (run, asset, kind, time, body) VALUES (?, ?, ?, ?, ?)", row)
    if commit:
        run("COMMIT")


def floor(path: Path, level: Level, assets: int) -> float:
    """The seconds that keeping so many assets takes, without opening and closing the store."""
    connection = open_floor(path, level)
    each = level != "batch"
    start = time.perf_counter()
    if not each:
        connection.execute("BEGIN IMMEDIATE")
    for number in range(assets):
        keep(connection, number, number, commit=each)
    if not each:
        connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def fingerprints(assets: int) -> float:
    """The seconds that it takes to find so many fingerprints anew and compare them with those kept.

    Each is the hash of the asset's code version, of the data versions of what it reads and of its
    config; all of these are known here.
    """
    reads = list(edges(assets))
    codes = [_hash(f"code {number}") for number in range(assets)]
    data = [_hash(f"data {number}") for number in range(assets)]
    config = _hash("config")
    kept = [
        _hash("\0".join([codes[number], *[data[one] for one in above], config]))
        for number, above in enumerate(reads)
    ]
    start = time.perf_counter()
    fresh = 0
    for number, above in enumerate(reads):
        parts = [codes[number], *[data[one] for one in above], config]
        fresh += _hash("\0".join(parts)) == kept[number]
    seconds = time.perf_counter() - start
    assert fresh == assets
    return seconds


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
