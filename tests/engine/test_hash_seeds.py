"""What was made under one hash seed is fresh under every other."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.bench_freshness import EDITS, phase


def test_the_table_of_edits_is_fresh_under_ten_hash_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process with another seed runs nothing again: no order of a set is part of a version."""
    ran = []
    for seed in range(10):
        monkeypatch.setenv("PYTHONHASHSEED", str(seed))
        found = phase("dagbook", sys.executable, tmp_path, after=False)
        ran.append(sorted(at for at, whether in found.items() if whether))
    assert len(ran[0]) == len(EDITS)
    assert ran[1:] == [[]] * 9
