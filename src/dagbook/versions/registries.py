"""The tables of libraries that cells fill, one row each: levels of loggers, converters, reducers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dagbook.versions.libraries import Library, Settings, Shown, module_of
from dagbook.versions.origin import home_of_module

# ---------------------------------------------------------------- logging

_ROOT, _DISABLED = "root", "logging.disable"


def _levels() -> Settings | None:
    """The levels that were set, but for loggers of packages, which set these themselves."""
    root = getattr(module_of("logging"), "root", None)
    if root is None:
        return None
    loggers = root.manager.loggerDict.items()
    found = {
        name: one.level
        for name, one in list(loggers)
        if getattr(one, "level", 0) and not _is_of_package(name)
    }
    return {**found, _ROOT: root.level, _DISABLED: root.manager.disable}


def _levels_came() -> Settings:
    return {_ROOT: module_of("logging").WARNING, _DISABLED: 0}


def _levels_shown(_name: str, _value: Any) -> Shown:
    return "levels"


def _set_levels(values: Settings) -> None:
    module = module_of("logging")
    for name, level in values.items():
        if name == _DISABLED:
            module.disable(level)
        else:
            module.getLogger(None if name == _ROOT else name).setLevel(level or 0)


def _is_of_package(name: str) -> bool:
    root = name.partition(".")[0]
    return module_of(root) is not None and home_of_module(root) != "own"


# ---------------------------------------------------------------- tables by types

# What Matplotlib and pandas put there themselves.
_CONVERTERS = frozenset(
    {"_SwitchableDateConverter", "DecimalConverter", "StrCategoryConverter"}
    | {"DatetimeConverter", "PeriodConverter", "TimeConverter"}
)


def _by_type(module: str, name: str, shown: Shown, is_own: Callable[[Any], bool]) -> Library:
    """A table of a module that holds something for each type."""

    def table() -> dict[Any, Any] | None:
        found: dict[Any, Any] | None = getattr(module_of(module), name, None)
        return found

    def now() -> Settings | None:
        held = table()
        return None if held is None else _by_name(held, is_own)

    def put(values: Settings) -> None:
        held = table()
        if held is None:
            return
        for kind in [kind for kind in held if _name_of(kind) in values]:
            del held[kind]
        held.update(dict([pair for pair in values.values() if pair is not None]))

    return Library(f"{module}.{name}", now, dict, lambda *_: shown, put)


def _by_name(held: dict[Any, Any], is_own: Callable[[Any], bool]) -> Settings:
    return {_name_of(kind): (kind, one) for kind, one in list(held.items()) if is_own(one)}


def _name_of(kind: Any) -> str:
    return f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', kind)}"


def _is_given(converter: Any) -> bool:
    return type(converter).__name__ not in _CONVERTERS


def _is_of_notebook(reducer: Any) -> bool:
    return home_of_module(str(getattr(reducer, "__module__", ""))) == "own"


# ---------------------------------------------------------------- the table

REGISTRIES: tuple[Library, ...] = (
    Library("logging", _levels, _levels_came, _levels_shown, _set_levels),
    _by_type("matplotlib.units", "registry", "figures", _is_given),
    _by_type("copyreg", "dispatch_table", "pickles", _is_of_notebook),
)
