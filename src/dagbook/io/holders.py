"""Tells who holds a file that another program has locked."""

from __future__ import annotations

import os
from pathlib import Path

from dagbook.io.oslock import holder_of


def holder_of_file(path: Path) -> str | None:
    """The process that has locked the beginning of a file, in words; None where none has.

    To be asked only where this process itself does not have the file open: looking at a file lets
    go of this process's own locks on it.
    """
    try:
        handle = os.open(path, os.O_RDWR)
    except PermissionError:
        # How Windows says that another program has it.
        return "another process" if os.name == "nt" else None
    except OSError:
        return None
    try:
        pid = holder_of(handle, 0)
    except OSError:  # the file system keeps no locks
        return None
    finally:
        os.close(handle)
    return None if pid is None else process_name(pid)


def process_name(pid: int) -> str:
    """A process by its number, and by its name where the system tells it.

    >>> import os
    >>> process_name(os.getpid()).startswith(f"process {os.getpid()}")
    True
    """
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return f"process {pid}"
    return f"process {pid} ({name})"
