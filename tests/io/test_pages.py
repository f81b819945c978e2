"""Pages: whether mapped memory was written to, without reading it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dagbook.io.mapping import MAP_FROM, open_bytes
from dagbook.io.pages import untouched

SIZE = 3 * MAP_FROM + 17


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "object"
    path.write_bytes(os.urandom(SIZE))
    return path


@pytest.mark.skipif(not os.access("/proc/self/pagemap", os.R_OK), reason="needs Linux")
@pytest.mark.parametrize("at", [0, 4096, SIZE // 2, SIZE - 1])
def test_one_written_byte_shows(path: Path, at: int) -> None:
    """Reading every page changes nothing; writing one byte of one page does."""
    view = open_bytes(path)
    assert untouched(view)
    bytes(view)
    assert untouched(view)
    view[at] ^= 1
    assert not untouched(view)


def test_memory_that_is_no_mapping_cannot_be_told(path: Path) -> None:
    """For small files, which are read, the answer is left to their hash."""
    path.write_bytes(b"small")
    assert not untouched(open_bytes(path))


def test_writing_to_the_bytes_leaves_the_file(path: Path) -> None:
    """The file, and another reader's bytes, stay as they are."""
    before, other, view = path.read_bytes(), open_bytes(path), open_bytes(path)
    view[:] = bytes(SIZE)
    assert path.read_bytes() == before
    assert bytes(other) == before
