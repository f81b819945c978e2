"""Puts back the settings of libraries that a step has changed: who runs next would show them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any

from dagbook.versions.settings import is_of_figures, pandas_options

PutBack = Callable[[], None]
_lock = threading.Lock()
_running = [0]
_before: list[PutBack] = []


@contextmanager
def settings_put_back() -> Iterator[None]:
    """Have what is set inside put back at the end; of steps at the same time, when the last one ends."""
    of_thread = [_numpy(), _decimal()]
    with _lock:
        if not _running[0]:
            _before[:] = [_matplotlib(), _pandas(), _polars(), _locale()]
        _running[0] += 1
    try:
        yield
    finally:
        with _lock:
            _running[0] -= 1
            if not _running[0]:
                of_thread += _before
        for put_back in of_thread:
            put_back()


def _matplotlib() -> PutBack:
    now: Any = getattr(sys.modules.get("matplotlib"), "rcParams", None)
    # Lists are told apart by the objects in them, hundreds in some microseconds.
    names, values = ([*dict.keys(now)], [*dict.values(now)]) if now is not None else ([], [])

    def put_back() -> None:
        module: Any = sys.modules.get("matplotlib")
        now: Any = getattr(module, "rcParams", None)
        if now is None or (names and [*dict.values(now)] == values):
            return
        # What the step itself has loaded came with these.
        before = dict(zip(names, values, strict=True)) or getattr(module, "rcParamsOrig", {})
        for name, value in dict.items(before):
            if dict.get(now, name) is not value and is_of_figures(name):
                dict.__setitem__(now, name, value)

    return put_back


def _pandas() -> PutBack:
    before = [(folder, {**folder}) for folder in pandas_options()]

    def put_back() -> None:
        for folder, values in before or _pandas_as_it_came():
            if folder != values:
                folder.update(values)

    return put_back


def _pandas_as_it_came() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    config: Any = sys.modules.get("pandas._config.config")
    for path, option in list(getattr(config, "_registered_options", {}).items()):
        *folders, name = path.split(".")
        folder = config._global_config
        for one in folders:
            folder = folder[one]
        yield folder, {name: option.defval}


def _polars() -> PutBack:
    before = _of_polars()

    def put_back() -> None:
        if before is None or _of_polars() == before:
            return
        config: Any = sys.modules["polars.config"]
        environment, values = before
        for name in config._POLARS_CFG_ENV_VARS:
            if name in environment:
                os.environ[name] = environment[name]
            else:
                os.environ.pop(name, None)
        for name, value in values.items():
            getattr(config.Config, name)(value)

    return put_back


def _of_polars() -> tuple[dict[str, str], dict[str, Any]] | None:
    config: Any = sys.modules.get("polars.config")
    names: Any = getattr(config, "_POLARS_CFG_ENV_VARS", None)
    if names is None:
        return None
    # To ask for each costs more than to see that there are none.
    told = any("POLARS" in name for name in os.environ)
    environment = {name: os.environ[name] for name in names if name in os.environ} if told else {}
    return environment, {name: value() for name, value in config._POLARS_CFG_DIRECT_VARS.items()}


def _locale() -> PutBack:
    module: Any = sys.modules.get("locale")
    before = module.setlocale(module.LC_ALL) if hasattr(module, "setlocale") else None

    def put_back() -> None:
        if before is not None and module.setlocale(module.LC_ALL) != before:
            module.setlocale(module.LC_ALL, before)

    return put_back


def _numpy() -> PutBack:
    before = _of_numpy()

    def put_back() -> None:
        # A new context has what came with a library that the step itself has loaded.
        wanted = before or Context().run(_of_numpy)
        if wanted is not None and _of_numpy() != wanted:
            module: Any = sys.modules["numpy"]
            module.seterr(**wanted[0])
            module.set_printoptions(**wanted[1])

    return put_back


def _of_numpy() -> tuple[dict[str, Any], dict[str, Any]] | None:
    module: Any = sys.modules.get("numpy")
    if not hasattr(module, "get_printoptions") or not hasattr(module, "geterr"):
        return None
    return module.geterr(), module.get_printoptions()


def _decimal() -> PutBack:
    before = _of_decimal()

    def put_back() -> None:
        wanted = before or Context().run(_of_decimal)
        if wanted is not None and repr(_of_decimal()) != repr(wanted):
            sys.modules["decimal"].setcontext(wanted)

    return put_back


def _of_decimal() -> Any:
    module: Any = sys.modules.get("decimal")
    if not hasattr(module, "getcontext"):
        return None
    found = module.getcontext().copy()
    found.clear_flags()
    return found
