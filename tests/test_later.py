"""A module that is put off is loaded with its first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dagbook.later import later

SCRIPT = """
import sys
from dagbook.later import later
colorsys = later("colorsys")
before = "colorsys" in sys.modules
print(before, colorsys.rgb_to_hsv(1, 1, 1), "colorsys" in sys.modules)
"""


def test_a_module_is_loaded_with_its_first_use() -> None:
    """Naming it loads nothing; what is asked of it is what the module has."""
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ran.stdout == "False (0.0, 0.0, 1) True\n"


def test_what_a_module_lacks_is_missing_here_too() -> None:
    """The error names the module."""
    with pytest.raises(AttributeError, match="'colorsys' has no attribute 'nothing'"):
        _ = later("colorsys").nothing
