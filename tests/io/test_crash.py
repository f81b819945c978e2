"""The object store under kill -9, full disks, vanished folders and several writers at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dagbook.errors.store import StoreFull, StoreGone
from dagbook.io.objects import ObjectStore
from dagbook.io.stored import StoredValue

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and limits")

PUT = """
import sys
from pathlib import Path
import numpy as np
from dagbook.io.objects import ObjectStore
store = ObjectStore(Path(sys.argv[1]), durable=False)
first, last = int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
for seed in range(first, last):
    store.put(np.random.default_rng(seed).random(1_000_000))
"""


def writer(root: Path, first: int, last: int) -> subprocess.Popen[str]:
    """A process that puts arrays of 8 MB, one for each number."""
    command = [sys.executable, "-c", PUT, str(root), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def whole(store: ObjectStore) -> list[bool]:
    """Whether each object has the hash that its name says."""
    files = [path for path in store.root.glob("??/*") if path.is_file()]
    return [
        store.verify(
            StoredValue(
                address=path.parent.name + path.stem,
                format=path.suffix[1:],
                size=path.stat().st_size,
            )
        )
        for path in files
    ]


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.11])
def test_a_kill_leaves_no_torn_object(tmp_path: Path, delay: float) -> None:
    """Whatever the instant, all objects are whole, and what was being written is swept."""
    with writer(tmp_path, 0, 1000) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.kill()
    store = ObjectStore(tmp_path)
    assert all(whole(store))
    store.sweep(set(store.addresses()), grace=-1)
    assert not list(tmp_path.glob(".tmp-*"))


def test_a_sweep_leaves_a_living_writers_file_alone(tmp_path: Path) -> None:
    """The temporary file of a process that still writes is not removed."""
    store = ObjectStore(tmp_path)
    with store.scratch() as path:
        path.write_bytes(b"half")
        assert store.sweep(set(), grace=-1).left_over == 0
        assert path.exists()


def test_two_processes_put_the_same_values(tmp_path: Path) -> None:
    """Both succeed, and each value is there once and whole."""
    with writer(tmp_path, 0, 8) as one, writer(tmp_path, 0, 8) as other:
        assert (one.wait(), other.wait()) == (0, 0)
    assert whole(ObjectStore(tmp_path)) == [True] * 8
    assert not list(tmp_path.glob(".tmp-*"))


def test_threads_put_the_same_value(tmp_path: Path) -> None:
    """Many threads at once give one record and one object."""
    store = ObjectStore(tmp_path, durable=False)
    array = np.arange(300_000)
    records: list[StoredValue] = []
    threads = [threading.Thread(target=lambda: records.append(store.put(array))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(records) == 8
    assert len(set(records)) == 1
    assert whole(store) == [True]


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    mount = shutil.which("mount")
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = [mount or "false", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("may not mount a disk here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


LARGE: list[Any] = [
    np.arange(300_000),
    pd.DataFrame({"a": np.arange(300_000)}),
    pl.DataFrame({"a": np.arange(300_000)}),
    pa.table({"a": np.arange(300_000)}),
    list(range(1_000_000)),
]


@pytest.mark.parametrize("value", LARGE, ids=lambda value: type(value).__name__)
def test_a_full_disk_keeps_nothing_and_says_so(tiny: Path, value: Any) -> None:
    """The error names the folder and the way out; the room is free again; small values go on."""
    store = ObjectStore(tiny)
    with pytest.raises(StoreFull, match="dagbook gc") as caught:
        store.put(value)
    assert caught.value.path == str(tiny)
    assert [entry.name for entry in tiny.iterdir()] in ([], [".lock"])
    stored = store.put(np.arange(50_000))
    assert store.verify(stored)


def test_a_limit_on_file_sizes_is_a_full_disk(tmp_path: Path) -> None:
    """Where the user's quota ends, the error is the same."""
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from dagbook.io.objects import ObjectStore\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))\n"
        "try: ObjectStore(Path(sys.argv[1])).put('x' * 1_000_000)\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    shown = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True)
    assert shown.stdout == "StoreFull\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_vanishes_is_named(tmp_path: Path) -> None:
    """Putting into a store whose folder was deleted says which, and what to do."""
    store = ObjectStore(tmp_path / "objects")
    (tmp_path / "objects").rmdir()
    with pytest.raises(StoreGone, match=r"objects.*restart the kernel"):
        store.put(np.arange(300_000))
    assert store.load(store.put(5)) == 5


def test_many_loaded_values_do_not_run_out_of_files(tmp_path: Path) -> None:
    """Each mapped value holds a descriptor; when none is left, values are read instead."""
    script = (
        "import resource, sys; from pathlib import Path; import numpy as np\n"
        "from dagbook.io.objects import ObjectStore\n"
        "store = ObjectStore(Path(sys.argv[1])); stored = store.put(np.arange(200_000))\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))\n"
        "kept = [store.load(stored) for _ in range(100)]\n"
        "print(sum(int(array[-1]) for array in kept))\n"
    )
    shown = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True)
    assert shown.stdout == f"{100 * 199_999}\n", shown.stderr


def test_the_files_are_for_their_user_only(tmp_path: Path) -> None:
    """No other user can read a value, whatever the umask."""
    before = os.umask(0)
    try:
        stored = (store := ObjectStore(tmp_path / "objects")).put(np.arange(300_000))
    finally:
        os.umask(before)
    path = store.path(stored)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
