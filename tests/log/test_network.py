"""Which paths count as lying on a network file system."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagbook.log.network import network_file_system

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/scratch xfs rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
me@host: /mnt/far fuse.sshfs rw 0 0
/dev/sdc1 /mnt/usb fuseblk rw 0 0
server:/late /late ext4 rw 0 0
server:/late /late nfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/data/store", None),
        ("/home", "nfs4"),
        ("/home/me/.dagbook/events.sqlite", "nfs4"),
        ("/homestead/x", None),
        ("/home/scratch/me", None),
        ("/mnt/my share/x", "cifs"),
        ("/mnt/far/x", "fuse.sshfs"),
        ("/mnt/usb/x", None),
        ("/late/x", "nfs"),
    ],
)
def test_the_innermost_newest_mount_decides(path: str, expected: str | None) -> None:
    """The file system of the longest mount point around the path, and of it the one on top."""
    assert network_file_system(Path(path), MOUNTS) == expected


def test_this_machine_s_own_mounts_can_be_read(tmp_path: Path) -> None:
    """The system's table is read without a fault; a folder for tests is not remote."""
    assert network_file_system(tmp_path) is None
