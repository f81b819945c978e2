"""Locks that the operating system drops by itself when a process ends, however it ends."""

from __future__ import annotations

import os
import struct
import sys

if sys.platform == "win32":
    import msvcrt
    import time

    def try_lock(fd: int, offset: int) -> bool:
        """Lock one byte for this process; false where another process holds it."""
        os.lseek(fd, offset, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def claim(fd: int, *, wait: bool = False) -> bool:
        """Lock a whole open file, against this process's other handles too."""
        while not try_lock(fd, 0):
            if not wait:
                return False
            time.sleep(0.001)
        return True

    def unlock(fd: int, offset: int) -> None:
        """Give the byte back."""
        os.lseek(fd, offset, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

    def holder_of(fd: int, offset: int) -> int | None:
        """The process that holds the byte; not known on this system."""
        return None

else:
    import fcntl

    # struct flock, in the order and with the padding of the system's C compiler.
    _LINUX = "hhqqi"  # type, whence, start, length, pid
    _BSD = "qqihh"  # start, length, pid, type, whence

    def try_lock(fd: int, offset: int) -> bool:
        """Lock one byte for this process; false where another process holds it."""
        try:
            fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
        except (BlockingIOError, PermissionError):  # EAGAIN or EACCES, as POSIX allows both
            return False
        return True

    def claim(fd: int, *, wait: bool = False) -> bool:
        """Lock a whole open file, against this process's other handles too."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except (BlockingIOError, PermissionError):
            return False
        return True

    def unlock(fd: int, offset: int) -> None:
        """Give the byte back."""
        fcntl.lockf(fd, fcntl.LOCK_UN, 1, offset)

    def holder_of(fd: int, offset: int) -> int | None:
        """The process that holds the byte, if another one does and the system can tell."""
        if sys.platform.startswith("linux"):
            asked = struct.pack(_LINUX, fcntl.F_WRLCK, os.SEEK_SET, offset, 1, 0)
            kind, _, _, _, pid = struct.unpack(_LINUX, fcntl.fcntl(fd, fcntl.F_GETLK, asked))
        elif sys.platform == "darwin":
            asked = struct.pack(_BSD, offset, 1, 0, fcntl.F_WRLCK, os.SEEK_SET)
            _, _, pid, kind, _ = struct.unpack(_BSD, fcntl.fcntl(fd, fcntl.F_GETLK, asked))
        else:
            return None
        return None if kind == fcntl.F_UNLCK else int(pid)
