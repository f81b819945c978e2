"""Watched files are known by their content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dagbook.observation.files import FileDigests

OLD = 1_000_000_000


def digest(files: FileDigests, pattern: str) -> str:
    """The digest of one pattern."""
    (found,) = files.digests([pattern]).values()
    return found


def test_equal_content_has_an_equal_digest(tmp_path: Path) -> None:
    """Whatever the times say, in this session and in another."""
    file = tmp_path / "a.csv"
    file.write_text("1")
    before = digest(FileDigests(tmp_path), "a.csv")
    os.utime(file, ns=(OLD, OLD))
    assert digest(FileDigests(tmp_path), "a.csv") == before


@pytest.mark.parametrize("pattern", ["*.csv", "**/*.csv", "a.csv"])
def test_other_content_has_another_digest(tmp_path: Path, pattern: str) -> None:
    """Also where size and time of writing stay as they were."""
    files, file = FileDigests(tmp_path), tmp_path / "a.csv"
    file.write_text("1")
    os.utime(file, ns=(OLD, OLD))
    before = digest(files, pattern)
    file.write_text("2")
    os.utime(file, ns=(OLD, OLD))
    assert digest(files, pattern) != before


def test_a_new_or_renamed_file_is_a_change(tmp_path: Path) -> None:
    """Names count; so does a file that went."""
    files = FileDigests(tmp_path)
    seen = [digest(files, "*.csv")]
    (tmp_path / "a.csv").write_text("1")
    seen.append(digest(files, "*.csv"))
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    seen.append(digest(files, "*.csv"))
    assert len(set(seen)) == 3


def test_where_one_file_ends_and_the_next_begins_counts(tmp_path: Path) -> None:
    """Moving a line from one file to another is a change."""
    files = FileDigests(tmp_path)
    (tmp_path / "a.csv").write_text("12")
    (tmp_path / "b.csv").write_text("3")
    before = digest(files, "*.csv")
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "b.csv").write_text("23")
    assert digest(files, "*.csv") != before


def test_folders_are_passed_over(tmp_path: Path) -> None:
    """A pattern names files."""
    (tmp_path / "x.csv").mkdir()
    assert digest(FileDigests(tmp_path), "*.csv") == digest(FileDigests(tmp_path), "nothing")
