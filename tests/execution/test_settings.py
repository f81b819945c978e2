"""Settings of libraries that a step changes."""

from __future__ import annotations

import decimal
import subprocess
import sys
from collections.abc import Callable

import matplotlib
import numpy as np
import pandas as pd
import polars as pl
import pytest

from dagbook.execution.settings import settings_put_back
from dagbook.versions.settings import changed_settings

CHANGES: dict[str, Callable[[], object]] = {
    "matplotlib": lambda: matplotlib.rcParams.update({"lines.linewidth": 9, "font.size": 3}),
    "pandas": lambda: pd.set_option("display.precision", 2),
    "polars": lambda: pl.Config.set_tbl_rows(3).set_float_precision(2),
    "numpy's errors": lambda: np.seterr(all="raise"),
    "numpy's texts": lambda: np.set_printoptions(precision=2, suppress=True),
    "decimal": lambda: setattr(decimal.getcontext(), "prec", 3),
    "another decimal context": lambda: decimal.setcontext(decimal.Context(prec=4)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_step_sets_is_put_back(change: Callable[[], object]) -> None:
    """However the step ends."""

    def step() -> None:
        change()
        assert changed_settings() != []
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), settings_put_back():
        step()
    assert changed_settings() == []


def test_what_was_set_before_stays_set() -> None:
    """A cell's own settings are no step's."""
    with pd.option_context("display.precision", 3):
        with settings_put_back(), settings_put_back():
            pd.set_option("display.precision", 2)
        assert pd.get_option("display.precision") == 3


def test_what_a_step_has_loaded_is_as_it_came() -> None:
    """The library was not there before, so that nothing is known of how it was set."""
    script = (
        "from dagbook.execution.settings import settings_put_back\n"
        "from dagbook.versions.settings import changed_settings\n"
        "with settings_put_back():\n"
        "    import decimal, matplotlib, numpy, pandas\n"
        "    matplotlib.rcParams['lines.linewidth'] = 9\n"
        "    pandas.set_option('display.precision', 2)\n"
        "    numpy.seterr(all='raise')\n"
        "    decimal.getcontext().prec = 4\n"
        "    print(len(changed_settings()))\n"
        "print(changed_settings())"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["4", "[]"]
