"""Whether a store was made by this user on this machine: loading its pickles runs code.

The owner of a folder says little: an unpacked archive belongs to whoever unpacked it. So a store
carries a mark, made with a key that lies in the user's own state folder and never in a store.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from pathlib import Path

_MARKS = "origin"


def distrust(root: Path, env: Mapping[str, str]) -> str | None:
    """Why the store may be someone else's; None where it is this user's."""
    key = _key(env)
    if key is not None:
        if _mark(root, key) in _marks(root)[1:]:
            return None
        return "it lacks the mark of your account here"
    owner = root.stat().st_uid
    # Without a state folder to keep a key in, the owner is all there is to go by.
    if hasattr(os, "getuid") and owner != os.getuid():
        return f"it belongs to user {owner}"
    return None


def trust(root: Path, env: Mapping[str, str]) -> None:
    """Mark the store as this user's on this machine."""
    if not _marks(root):
        (root / _MARKS).write_text(os.urandom(16).hex() + "\n")
    key = _key(env)
    if key is not None:
        with (root / _MARKS).open("a") as file:
            file.write(_mark(root, key) + "\n")


def _marks(root: Path) -> list[str]:
    try:
        return (root / _MARKS).read_text(errors="replace").split()
    except FileNotFoundError:
        return []


def _mark(root: Path, key: bytes) -> str:
    identity = "".join(_marks(root)[:1])
    return hmac.new(key, identity.encode(), hashlib.sha256).hexdigest()


def _key(env: Mapping[str, str]) -> bytes | None:
    """The user's key on this machine, made when first needed; None where it cannot be kept."""
    path = _state_folder(env) / "dagbook" / "key"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _read_key(path)
        with open(fd, "wb") as file:
            file.write(os.urandom(32))
        return _read_key(path)
    except OSError:
        return None


def _read_key(path: Path) -> bytes | None:
    key = path.read_bytes()
    return key if len(key) == 32 else None


def _state_folder(env: Mapping[str, str]) -> Path:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        if env.get(variable):
            return Path(env[variable])
    return Path(env.get("HOME") or os.path.expanduser("~")) / ".local" / "state"
