"""Packages that may read files below Python."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagbook.versions.unseen import reads_unseen


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages; what is loaded from it is forgotten afterwards."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = {*sys.modules}
    yield folder
    for name in {*sys.modules} - before:
        if name.startswith("dagbook_t_"):
            del sys.modules[name]


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("h5py:File", "h5py"),
        ("h5py._hl.files:File", "h5py"),
        ("pandas:read_csv", None),
        ("polars:scan_parquet", None),
        ("pyarrow.parquet:read_table", None),
        ("pyarrow.lib:OSFile", "pyarrow.OSFile"),
        ("pyarrow:fs.LocalFileSystem", "pyarrow.fs"),
        ("ctypes:CDLL", "ctypes.CDLL"),
        ("ctypes:c_int", None),
        ("json:loads", None),
        ("sqlglot:parse_one", None),
    ],
)
def test_what_may_read_unseen_is_known_by_its_name(name: str, reader: str | None) -> None:
    """Packages with compiled parts that are not known, and some names of known ones."""
    importlib.import_module(name.partition(":")[0])
    assert reads_unseen(name) == reader


def test_a_known_package_need_not_be_loaded() -> None:
    """`torch.load` opens its file in Python; what was compiled by `torch.jit` is read in C++."""
    found = [reads_unseen(f"torch:{name}") for name in ("load", "tensor", "jit.load", "from_file")]
    assert found == [None, None, "torch.jit", "torch.from_file"]


def test_an_unknown_package_counts_by_what_it_is_and_uses(installed: Path) -> None:
    """One in Python only is seen, unless it uses a compiled one; loaded or not."""
    (installed / "dagbook_t_plain.py").write_text("import json")
    (installed / "dagbook_t_user.py").write_text("from dagbook_t_binding import read")
    (installed / "dagbook_t_binding.py").write_text("import h5py\ndef read(): return h5py")
    (installed / "dagbook_t_compiled").mkdir()
    (installed / "dagbook_t_compiled" / "core.abi3.so").write_bytes(b"")
    for name in ("dagbook_t_plain", "dagbook_t_user"):
        importlib.import_module(name)
    found = [reads_unseen(f"dagbook_t_{name}:x") for name in ("plain", "user", "compiled")]
    assert found == [None, "dagbook_t_user", "dagbook_t_compiled"]
