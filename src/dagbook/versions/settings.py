"""The settings of libraries that were changed: what bodies give shows them, though they name none."""

from __future__ import annotations

import opcode
import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import CodeType, MappingProxyType, ModuleType
from typing import Any, Literal

from dagbook.definitions.context import in_cells
from dagbook.records import dataclass
from dagbook.versions.bytecode import nested_codes

# Where settings show: in figures, in what is turned into text, or in any value.
Shown = Literal["figures", "texts", "values"]

# Names by which code has something drawn, that of an accessor of frames included; and names by
# which it turns values into texts as they would be displayed.
_DRAWS = re.compile(r"plot|hist|draw|chart|figure|display|dendrogram|heatmap|style", re.IGNORECASE)
_WRITES = (
    {"__format__", "__repr__", "__str__", "_repr_html_", "ascii", "format", "format_map", "print"}
    | {"display", "info", "glimpse", "pformat", "pprint", "render", "repr", "str", "substitute"}
    | {"array2string", "array_repr", "array_str", "style", "to_html", "to_latex", "to_markdown"}
    | {"format_float_positional", "format_float_scientific", "to_string"}
)
_FORMATS = {opcode.opmap.get(f"FORMAT_{how}", -1) for how in ("VALUE", "SIMPLE", "WITH_SPEC")}
# Where figures are shown, not how they look.
_NOT_OF_FIGURES = ("backend", "interactive", "toolbar", "keymap.", "webagg.", "tk.", "macosx.")
_NUMPY_ERRORS = {"raise", "call", "log"}
_NUMPY_TEXTS: Mapping[str, Any] = {
    "edgeitems": 3,
    "threshold": 1000,
    "floatmode": "maxprec",
    "precision": 8,
    "linewidth": 75,
    "nanstr": "nan",
    "infstr": "inf",
    "sign": "-",
}
_DECIMAL = {"prec": 28, "rounding": "ROUND_HALF_EVEN", "Emin": -999999, "Emax": 999999}
_TRAPS = ["DivisionByZero", "InvalidOperation", "Overflow"]
_PANDAS_SHOWN: Mapping[str, Shown] = {"display": "texts", "styler": "texts", "plotting": "figures"}
# How much is told, and how fast it is done.
_PANDAS_ASIDE = frozenset({"mode.performance_warnings", "mode.sim_interactive", "mode.max_threads"})
_POLARS_ASIDE = re.compile("VERBOSE|WARN_UNSTABLE|QUERY_MONITORING|MAX_EXPR_DEPTH")
_POLARS_DEFAULTS = {"set_fmt_float": "mixed", "set_decimal_separator": "."}


@dataclass(frozen=True, slots=True)
class Changed:
    """The settings of one library that are no longer as it came, by name."""

    label: str
    shown: Shown
    values: Mapping[str, Any]


@lru_cache(maxsize=4096)
def shown_by(code: CodeType) -> tuple[Shown, ...]:
    """Where settings may show in what code gives, by its names and the texts in it.

    >>> shown_by((lambda raw: raw.boxplot()).__code__), shown_by((lambda raw: f"{raw}").__code__)
    (('figures',), ('texts',))
    """
    inner = [*nested_codes(code)]
    texts = [one for code in inner for one in code.co_consts if type(one) is str]
    words = {name for code in inner for name in code.co_names} | {*filter(str.isidentifier, texts)}
    draws = any(map(_DRAWS.search, words))
    writes = bool(words & _WRITES) or any("%" in text for text in texts)
    writes = writes or any(op in _FORMATS for code in inner for op in code.co_code[::2])
    return (*(("figures",) if draws else ()), *(("texts",) if writes else ()))


def is_of_figures(name: str) -> bool:
    """Whether a setting of Matplotlib says how figures look, and not where they are shown.

    >>> is_of_figures("font.size"), is_of_figures("backend")
    (True, False)
    """
    return not name.startswith(_NOT_OF_FIGURES)


def pandas_options() -> list[dict[str, Any]]:
    """The dictionaries that hold the options of pandas, where it is loaded."""
    config = sys.modules.get("pandas._config.config")
    options: Any = getattr(config, "_global_config", None)
    return [options, *_below(options)] if isinstance(options, dict) else []


def changed_settings() -> list[Changed]:
    """The libraries that are loaded and set otherwise than they came; none is loaded for that."""
    found = [one for read in _PROCESS_WIDE for one in read()]
    of_context = "numpy" in sys.modules or "decimal" in sys.modules
    return found + in_cells(_of_context) if of_context else found


# ---------------------------------------------------------------- the libraries

_rc_known: list[Any] = [None, None, None]
_pandas_known: list[Any] = [None, None, None]


def _matplotlib() -> Iterator[Changed]:
    module: Any = sys.modules.get("matplotlib")
    now: Any = getattr(module, "rcParams", None)
    loaded: Any = getattr(module, "rcParamsOrig", None)
    if now is None or loaded is None:
        return
    # Compared by the objects, in some microseconds; lists may have been changed in place.
    values = [*dict.values(now), *dict.values(loaded)]
    known, lists, found = _rc_known
    if known != values or any(one != before for one, before in lists):
        held = {
            name: repr(value)
            for name, value in sorted(dict.items(now))
            if is_of_figures(name) and _as_loaded(module, name) != value
        }
        found = Changed("matplotlib.rcParams", "figures", held) if held else None
        lists = [(value, [*value]) for value in values if type(value) is list]
        _rc_known[:] = [values, lists, found]
    if found is not None:
        yield found


def _as_loaded(module: Any, name: str) -> Any:
    """A setting as Matplotlib read it; its own copy shares the lists, which may be other ones by now."""
    value = dict.get(module.rcParamsOrig, name)
    if type(value) is list and value is dict.get(module.rcParams, name):
        return dict.get(_read_again(module), name, value)
    return value


@cache
def _read_again(module: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return module.rc_params_from_file(module.matplotlib_fname())


def _pandas() -> Iterator[Changed]:
    config: Any = sys.modules.get("pandas._config.config")
    options: Any = getattr(config, "_global_config", None)
    registered: Any = getattr(config, "_registered_options", None)
    if not isinstance(options, dict) or not isinstance(registered, dict):
        return
    folders, known, held = _pandas_known
    if folders is None or len(known) != len(registered):
        folders = pandas_options()
    now = [value for folder in folders for value in folder.values() if type(value) is not dict]
    if known != now:
        held = _pandas_changed(dict(_flat(options, "")), registered)
        _pandas_known[:] = [folders, now, held]
    yield from held


def _pandas_changed(now: Mapping[str, Any], registered: Mapping[str, Any]) -> list[Changed]:
    held: dict[Shown, dict[str, Any]] = {"texts": {}, "figures": {}, "values": {}}
    for name, value in sorted(now.items()):
        if name in registered and registered[name].defval != value and name not in _PANDAS_ASIDE:
            held[_PANDAS_SHOWN.get(name.partition(".")[0], "values")][name] = value
    # A warning that is not raised is no value.
    if held["values"].get("mode.chained_assignment", "raise") != "raise":
        del held["values"]["mode.chained_assignment"]
    return [Changed("pandas.options", shown, values) for shown, values in held.items() if values]


def _below(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for value in options.values():
        if type(value) is dict:
            yield value
            yield from _below(value)


def _flat(options: dict[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, value in options.items():
        if type(value) is dict:
            yield from _flat(value, f"{above}{name}.")
        yield f"{above}{name}", value


def _polars() -> Iterator[Changed]:
    config: Any = sys.modules.get("polars.config")
    if config is None:
        return
    names: Any = getattr(config, "_POLARS_CFG_ENV_VARS", ())
    direct: Any = getattr(config, "_POLARS_CFG_DIRECT_VARS", {})
    held: dict[Shown, dict[str, Any]] = {"texts": {}, "values": {}}
    if any("POLARS" in name for name in os.environ):
        for name in sorted(names):
            value = os.environ.get(name)
            if value is not None and not _POLARS_ASIDE.search(name):
                shows = "FMT" in name or "TABLE" in name
                held["texts" if shows else "values"][name] = value
    for name, value_of in direct.items():
        value = value_of()
        if (value or "") != _POLARS_DEFAULTS.get(name, ""):
            held["texts"][name] = value
    for shown, values in held.items():
        if values:
            yield Changed("polars.Config", shown, values)


def _locale() -> Iterator[Changed]:
    module: Any = _loaded("locale")
    if module is None:
        return
    held = {}
    for name in ("LC_COLLATE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME"):
        value = module.setlocale(getattr(module, name))
        if value.partition(".")[0] not in ("C", "POSIX"):
            held[name] = value
    if held:
        yield Changed("locale", "values", held)


_PROCESS_WIDE = (_matplotlib, _pandas, _polars, _locale)


def _of_context() -> list[Changed]:
    """What is set for the thread or the task in which this is called."""
    return [*_numpy(), *_decimal()]


def _numpy() -> Iterator[Changed]:
    module: Any = _loaded("numpy")
    if not hasattr(module, "get_printoptions") or not hasattr(module, "geterr"):
        return
    errors = {name: how for name, how in module.geterr().items() if how in _NUMPY_ERRORS}
    if errors:
        called = {"call": module.geterrcall()} if {"call", "log"} & {*errors.values()} else {}
        yield Changed("numpy.seterr", "values", {**errors, **called})
    options = module.get_printoptions().items()
    texts = {name: v for name, v in options if (v or None) != (_NUMPY_TEXTS.get(name) or None)}
    if texts:
        yield Changed("numpy.set_printoptions", "texts", texts)


def _decimal() -> Iterator[Changed]:
    module: Any = _loaded("decimal")
    if module is None:
        return
    now = module.getcontext()
    held = {name: getattr(now, name) for name in _DECIMAL}
    held = {name: value for name, value in held.items() if value != _DECIMAL[name]}
    traps = sorted([kind.__name__ for kind, trapped in now.traps.items() if trapped])
    if traps != _TRAPS:
        held["traps"] = traps
    if now.clamp or not now.capitals:
        held["clamp"] = (now.clamp, now.capitals)
    if held:
        yield Changed("decimal.getcontext()", "values", MappingProxyType(held))


def _loaded(name: str) -> ModuleType | None:
    return sys.modules.get(name)
