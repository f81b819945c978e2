"""The tables of the event log and the steps that bring older stores up to them.

Few b-trees, because each one that an append touches costs it a page:

- `materializations` grows at its end only. `previous` chains the rows of one asset, newest first
  from `current.newest`, so that an asset's history needs no index; a run's rows are those between
  the row numbers that its start and its end noted, so that a run's steps need none either.
- `current` is what counts now; a row without materialization, last run and pin is forgotten.
"""

from __future__ import annotations

from dagbook.log import ops

# Half of SQLite's usual page: a commit writes whole pages, and an append changes a few rows of four.
PAGE_SIZE = 2048
APPLICATION_ID = 0x44414742  # "DAGB": tells a store from any other SQLite file
FORMAT = 4

_TABLES = """
CREATE TABLE materializations (
    number INTEGER PRIMARY KEY,
    scope TEXT NOT NULL, key TEXT NOT NULL, previous INTEGER,
    kept INTEGER NOT NULL, tracked INTEGER NOT NULL, origin TEXT NOT NULL, detail TEXT,
    id TEXT NOT NULL, run_id TEXT NOT NULL, time REAL NOT NULL, duration REAL NOT NULL,
    code_version TEXT NOT NULL, data_version TEXT NOT NULL, fingerprint TEXT NOT NULL,
    address TEXT, format TEXT, size INTEGER, inline INTEGER, mtime_ns INTEGER,
    details TEXT
);
CREATE INDEX adoptable ON materializations (fingerprint) WHERE kept AND tracked;
CREATE TABLE current (
    scope TEXT NOT NULL, key TEXT NOT NULL, newest INTEGER,
    materialization INTEGER, last_run TEXT, run_id TEXT, skip TEXT, pin TEXT, error TEXT,
    PRIMARY KEY (scope, key)
) WITHOUT ROWID;
CREATE TABLE blobs (address TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE codes (code_version TEXT PRIMARY KEY, document BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, started REAL NOT NULL, finished REAL,
    outcome TEXT, command TEXT NOT NULL, session TEXT NOT NULL,
    after_materialization INTEGER NOT NULL, last_materialization INTEGER,
    after_verdict INTEGER NOT NULL, last_verdict INTEGER,
    planned TEXT NOT NULL
);
CREATE TABLE steps (
    number INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL, key TEXT NOT NULL, after_materialization INTEGER NOT NULL,
    time REAL NOT NULL, duration REAL NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL,
    error TEXT
);
CREATE INDEX steps_of_run ON steps (run_id);
CREATE TABLE verdicts (
    number INTEGER PRIMARY KEY,
    scope TEXT NOT NULL, asset TEXT NOT NULL, name TEXT NOT NULL, kept INTEGER NOT NULL,
    run_id TEXT NOT NULL, time REAL NOT NULL, duration REAL NOT NULL,
    passed INTEGER NOT NULL, severity TEXT NOT NULL, blocking INTEGER NOT NULL,
    code_version TEXT NOT NULL, fingerprint TEXT NOT NULL, inputs TEXT,
    metadata TEXT, description TEXT,
    address TEXT, format TEXT, size INTEGER, inline INTEGER, mtime_ns INTEGER,
    row_count INTEGER, error TEXT
);
CREATE INDEX verdicts_by_fingerprint ON verdicts (fingerprint);
CREATE TABLE current_verdicts (
    scope TEXT NOT NULL, asset TEXT NOT NULL, name TEXT NOT NULL, verdict INTEGER NOT NULL,
    PRIMARY KEY (scope, asset, name)
) WITHOUT ROWID;
"""

_FILES = """
CREATE TABLE files (code_version TEXT PRIMARY KEY, names TEXT NOT NULL) WITHOUT ROWID;
"""

# Of what counts, what every status needs: that no row of `materializations` is looked up for it.
# `told` is the row that it is of, since a process of an older format goes on without these columns.
_TOLD = """
ALTER TABLE current ADD COLUMN told INTEGER;
ALTER TABLE current ADD COLUMN data_version TEXT;
ALTER TABLE current ADD COLUMN fingerprint TEXT;
ALTER TABLE current ADD COLUMN inline INTEGER;
UPDATE current SET (told, data_version, fingerprint, inline) = (
    SELECT number, m.data_version, m.fingerprint, m.inline FROM materializations m
    WHERE number = materialization);
"""

# MIGRATIONS[n] brings a store of format n to format n + 1; format 0 is an empty file.
MIGRATIONS: tuple[str, ...] = (_TABLES, _FILES, ops.TABLES, _TOLD)


def statements(script: str) -> list[str]:
    """The single statements of a script, so that they can run in one transaction."""
    return [part.strip() for part in script.split(";") if part.strip()]
