"""A DuckDB database as a resource: opened when it is used, waited for while another one holds it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from dagbook.errors.resources import DatabaseLocked
from dagbook.io.holders import holder_of_file
from dagbook.resources.configurable import ConfigurableResource

if TYPE_CHECKING:
    import duckdb

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5
# So many looks in a row that find nobody: then it is not the lock that is in the way.
_LOOKS = 3


class DuckDBResource(ConfigurableResource):
    """A DuckDB database for bodies to work with.

    `database`: the path of a file, or `:memory:`; `connection_config`: DuckDB's settings; `wait`:
    seconds that a step waits for another process to let go of the file. `get_connection()` raises
    DatabaseLocked, which names the holder, after that.

    >>> from dagbook import asset, materialize
    >>> @asset
    ... def orders(duckdb: DuckDBResource) -> None:
    ...     with duckdb.get_connection() as connection:
    ...         connection.execute("create table orders as select 42 as id")
    >>> warehouse = DuckDBResource(database="warehouse.duckdb")
    >>> materialize([orders], resources={"duckdb": warehouse}).success
    True
    >>> with warehouse.get_connection() as connection:
    ...     connection.sql("from orders").fetchall()
    [(42,)]
    """

    database: str
    connection_config: dict[str, Any] = Field(default_factory=dict)
    wait: float = 30.0

    @contextmanager
    def get_connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for the length of the block; the file is free again afterwards."""
        connection = connect(self.database, self.connection_config, self.wait)
        try:
            yield connection
        finally:
            connection.close()


def connect(database: str, settings: dict[str, Any], wait: float) -> duckdb.DuckDBPyConnection:
    """A connection to a database; raises DatabaseLocked where others hold its file for too long."""
    # Loaded with the first connection, since most sessions have none.
    import duckdb

    end = time.monotonic() + wait
    pause = _FIRST_PAUSE
    unheld = 0
    while True:
        try:
            return duckdb.connect(database, config=settings)
        except duckdb.IOException:
            # It says why in words only; whether others hold the file, the system knows.
            holder = None if database.startswith(":") else holder_of_file(Path(database))
            # Whoever held it may have let go of it between the try and this look.
            unheld = 0 if holder is not None else unheld + 1
            if unheld == _LOOKS:
                raise
            if holder is not None and time.monotonic() >= end:
                raise DatabaseLocked(path=database, holder=holder, seconds=wait) from None
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
