"""The time zone of this machine, by its name."""

from __future__ import annotations

import os
import time
from pathlib import Path

_LOCAL = Path("/etc/localtime")
_FOLDER = "zoneinfo/"


def local_zone() -> str:
    """What the environment says, else the machine: `Europe/Berlin`, or the short names of both times.

    >>> isinstance(local_zone(), str)
    True
    """
    told = os.environ.get("TZ", "").removeprefix(":")
    if told:
        return told
    _, folder, name = str(_LOCAL.resolve()).rpartition(_FOLDER)
    return name if folder else "/".join(time.tzname)
