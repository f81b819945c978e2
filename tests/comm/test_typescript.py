"""The TypeScript half of the messages."""

from __future__ import annotations

import json

from dagbook.comm.typescript import PLACE, protocol
from tests.architecture.tree import ROOT


def test_the_generated_file_is_up_to_date() -> None:
    """js/src/protocol.ts is what `python -m dagbook.comm.typescript` writes."""
    assert (ROOT / PLACE).read_text(encoding="utf-8") == protocol()


def test_both_halves_have_one_version() -> None:
    """The extension and the package are released together."""
    package = json.loads((ROOT / "js" / "package.json").read_text())
    assert f'version = "{package["version"]}"' in (ROOT / "pyproject.toml").read_text()
