"""Settings of libraries that a step changes."""

from __future__ import annotations

import decimal
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextvars import Context
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn

from dagbook.definitions.context import context_of_cells, take_context
from dagbook.execution.settings import settings_put_back
from dagbook.versions.settings import changed_settings


def set_zone(name: str) -> None:
    """As a notebook does it."""
    os.environ["TZ"] = name
    time.tzset()


CHANGES: dict[str, Callable[[], object]] = {
    "matplotlib": lambda: matplotlib.rcParams.update({"lines.linewidth": 9, "font.size": 3}),
    "pandas": lambda: pd.set_option("display.precision", 2),
    "polars": lambda: pl.Config.set_tbl_rows(3).set_float_precision(2),
    "numpy's errors": lambda: np.seterr(all="raise"),
    "numpy's texts": lambda: np.set_printoptions(precision=2, suppress=True),
    "decimal": lambda: setattr(decimal.getcontext(), "prec", 3),
    "time zone": lambda: set_zone("Asia/Tokyo"),
    "another decimal context": lambda: decimal.setcontext(decimal.Context(prec=4)),
}


# Those of PyTorch and JAX are too large to be installed for the sake of this; the others always are.
OF_OTHERS: list[tuple[str, Callable[[Any], object]]] = [
    ("sklearn", lambda sklearn: sklearn.set_config(transform_output="pandas")),
    ("sklearn", lambda sklearn: sklearn.set_config(display="text")),
    ("xarray", lambda xarray: xarray.set_options(keep_attrs=True)),
    ("xarray", lambda xarray: xarray.set_options(display_width=50)),
    ("torch", lambda torch: torch.set_default_dtype(torch.float64)),
    ("torch", lambda torch: torch.set_default_device("meta")),
    ("torch", lambda torch: torch.use_deterministic_algorithms(True, warn_only=True)),
    ("torch", lambda torch: torch.set_printoptions(precision=2, sci_mode=True)),
    ("jax", lambda jax: jax.config.update("jax_enable_x64", True)),
    ("jax", lambda jax: jax.config.update("jax_numpy_dtype_promotion", "strict")),
]


def put_back_after(change: Callable[[], object]) -> None:
    """A step of a cell makes a change and fails."""

    def step() -> None:
        change()
        assert changed_settings() != []
        raise ZeroDivisionError

    def cell() -> None:
        take_context()
        with pytest.raises(ZeroDivisionError), settings_put_back():
            step()
        assert changed_settings() == []

    Context().run(cell)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_step_sets_is_put_back(change: Callable[[], object]) -> None:
    """However the step ends."""
    put_back_after(change)


@pytest.mark.parametrize(("library", "change"), OF_OTHERS)
def test_what_a_step_sets_of_other_libraries_is_put_back(
    library: str, change: Callable[[Any], object]
) -> None:
    """Where they are installed."""
    module = pytest.importorskip(library, reason="too large to be installed for the sake of this")
    put_back_after(lambda: change(module))


def test_a_body_in_a_thread_runs_with_what_cells_have_set_for_theirs() -> None:
    """Scikit-learn has settings for each thread, which no other thread can ask for."""
    found: list[object] = []

    def body() -> None:
        with settings_put_back():
            found.extend([sklearn.get_config()["display"], changed_settings()])

    def cell() -> None:
        take_context()
        with sklearn.config_context(display="text"):
            thread = threading.Thread(target=context_of_cells().run, args=(body,))
            thread.start()
            thread.join()
            assert found == ["text", changed_settings()]

    Context().run(cell)
    Context().run(take_context)


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
