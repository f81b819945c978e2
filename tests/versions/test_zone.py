"""The name of the machine's time zone."""

from __future__ import annotations

import pytest

from dagbook.versions.zone import local_zone


def test_the_environment_wins_over_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does for the C library and for DuckDB; without it there is a name too."""
    monkeypatch.setenv("TZ", ":Europe/Berlin")
    assert local_zone() == "Europe/Berlin"
    monkeypatch.delenv("TZ")
    assert local_zone()
