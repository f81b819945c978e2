"""The libraries whose settings count, one row each: how they are read, as they come, and put back."""

from __future__ import annotations

import locale
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Literal

from dagbook.records import dataclass
from dagbook.versions.zone import local_zone

# Where settings show: in figures, in what is turned into text, in local times, in any value, only
# where they are asked for; or, of what cells have told packages, where `settings.SEEN` says.
_Told = Literal["caught", "chance", "codecs", "dialects", "duckdb", "kinds", "modes", "warned"]
Shown = (
    Literal["asked", "figures", "levels", "texts", "times", "values", "pickles", "sqlite3"] | _Told
)
Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """The settings of one library, which is never loaded for that.

    Attributes:
        label: what they are called.
        now: what they are, by name; None where the library is not loaded.
        came: as the library comes; a name that is missing is None.
        shown: where one shows that is not as it came; None where it does not count.
        put: sets some of them; None is as it came for a name that `came` does not have.
        of: the settings are those of the process, of a context, of a thread, or of a database, which
            is asked only where code uses it.
    """

    label: str
    now: Callable[[], Settings | None]
    came: Callable[[], Settings]
    shown: Callable[[str, Any], Shown | None]
    put: Callable[[Settings], None]
    of: Literal["process", "context", "thread", "database"] = "process"

    def differing(self, now: Settings, others: Settings) -> Iterator[str]:
        """The names of settings that are others in one than in the other; a missing one is None."""
        for name in now.keys() | others.keys():
            if now.get(name) != others.get(name):
                yield name


@dataclass(frozen=True, slots=True)
class Changed:
    """What of one library is no longer as it came, by name."""

    label: str
    shown: Shown
    values: Settings


def module_of(name: str) -> Any:
    return sys.modules.get(name)


def _nothing() -> Settings:
    return {}


def in_values(_name: str, _value: Any) -> Shown:
    return "values"


# ---------------------------------------------------------------- Matplotlib

# Where figures are shown, not how they look.
_NOT_OF_FIGURES = ("backend", "interactive", "toolbar", "keymap.", "webagg.", "tk.", "macosx.")


def is_of_figures(name: str) -> bool:
    """Whether a setting of Matplotlib says how figures look, and not where they are shown.

    >>> is_of_figures("font.size"), is_of_figures("backend")
    (True, False)
    """
    return not name.startswith(_NOT_OF_FIGURES)


def _figures(name: str, _value: Any) -> Shown | None:
    return "figures" if is_of_figures(name) else None


def _matplotlib() -> Settings | None:
    params = getattr(module_of("matplotlib"), "rcParams", None)
    if params is None or not hasattr(module_of("matplotlib"), "rcParamsOrig"):
        return None
    found = dict(dict.items(params))
    for name in _names_of_lists():  # these may be changed in place
        value = found[name]
        found[name] = [*value] if type(value) is list else value
    return found


@cache
def _names_of_lists() -> list[str]:
    original = dict.items(module_of("matplotlib").rcParamsOrig)
    return [name for name, value in original if type(value) is list]


def _matplotlib_came() -> Settings:
    # Its own copy shares the lists, which may be other ones by now.
    lists = {name: _rc_file()[name] for name in _names_of_lists()}
    return dict(dict.items(module_of("matplotlib").rcParamsOrig)) | lists


@cache
def _rc_file() -> dict[str, Any]:
    module = module_of("matplotlib")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(dict.items(module.rc_params_from_file(module.matplotlib_fname())))


def _set_matplotlib(values: Settings) -> None:
    for name, value in values.items():
        if is_of_figures(name):
            dict.__setitem__(module_of("matplotlib").rcParams, name, value)


# ---------------------------------------------------------------- pandas

# How much is told, and how fast it is done.
_PANDAS_ASIDE = frozenset({"mode.performance_warnings", "mode.sim_interactive", "mode.max_threads"})
_PANDAS_SHOWN: Mapping[str, Shown] = {"display": "texts", "styler": "texts", "plotting": "figures"}
_pandas_places: list[tuple[str, dict[str, Any], str]] = []


def _pandas_options() -> list[tuple[str, dict[str, Any], str]]:
    """Every option by its name, with the dictionary that holds it and its name there."""
    registered = getattr(module_of("pandas._config.config"), "_registered_options", {})
    if len(_pandas_places) != len(registered):
        _pandas_places.clear()
        for path in list(registered):
            *folders, name = path.split(".")
            folder = module_of("pandas._config.config")._global_config
            for one in folders:
                folder = folder[one]
            _pandas_places.append((path, folder, name))
    return _pandas_places


def _pandas() -> Settings | None:
    return {path: folder.get(name) for path, folder, name in _pandas_options()} or None


def _pandas_came() -> Settings:
    registered = module_of("pandas._config.config")._registered_options
    return {path: option.defval for path, option in list(registered.items())}


def _pandas_shown(name: str, value: Any) -> Shown | None:
    # A warning that is not raised is no value.
    warns = name == "mode.chained_assignment" and value != "raise"
    if name in _PANDAS_ASIDE or warns:
        return "asked"
    return _PANDAS_SHOWN.get(name.partition(".")[0], "values")


def _set_pandas(values: Settings) -> None:
    for path, folder, name in _pandas_options():
        if path in values:
            folder[name] = values[path]


# ---------------------------------------------------------------- Polars

_POLARS_ASIDE = ("VERBOSE", "WARN_UNSTABLE", "QUERY_MONITORING", "MAX_EXPR_DEPTH")
_POLARS_CAME = {"set_fmt_float": "mixed", "set_decimal_separator": "."}


def _polars() -> Settings | None:
    config = module_of("polars.config")
    names = getattr(config, "_POLARS_CFG_ENV_VARS", None)
    if names is None:
        return None
    # To ask for each costs more than to see that there are none.
    told = any("POLARS" in name for name in os.environ)
    found = {name: os.environ[name] for name in names if name in os.environ} if told else {}
    direct = config._POLARS_CFG_DIRECT_VARS.items()
    return {**found, **{name: value() or _POLARS_CAME.get(name) for name, value in direct}}


def _polars_shown(name: str, _value: Any) -> Shown | None:
    if any(aside in name for aside in _POLARS_ASIDE):
        return None
    return "texts" if name.startswith("set_") or "FMT" in name or "TABLE" in name else "values"


def _set_polars(values: Settings) -> None:
    config = module_of("polars.config")
    for name, value in values.items():
        if name in config._POLARS_CFG_DIRECT_VARS:
            getattr(config.Config, name)(*(() if value is None else (value,)))
        else:
            _set_variable(name, value)


def _set_variable(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


# ---------------------------------------------------------------- the process

_LOCALE = ("LC_COLLATE", "LC_CTYPE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME")
_UTC = frozenset({"UTC", "UCT", "GMT", "Zulu", "Universal"})


def _locale() -> Settings:
    return {name: locale.setlocale(getattr(locale, name)) for name in _LOCALE}


# How texts are encoded is told by the environment.
_locale_came = {**dict.fromkeys(_LOCALE, "C"), "LC_CTYPE": locale.setlocale(locale.LC_CTYPE)}


def _locale_shown(name: str, value: Any) -> Shown | None:
    plain = name == "LC_CTYPE" or value.partition(".")[0] in ("C", "POSIX")
    return "asked" if plain else "values"


def _set_locale(values: Settings) -> None:
    for name, value in values.items():
        locale.setlocale(getattr(locale, name), value)


def _folder() -> Settings:
    # It counts where relative paths are read, which is seen when a body runs.
    return {"folder": os.getcwd()}


def _aside(_name: str, _value: Any) -> Shown | None:
    return None


def _set_folder(values: Settings) -> None:
    os.chdir(values["folder"])


def _zone() -> Settings:
    # What the environment says is taken over by `time.tzset` only.
    now = (time.tzname, time.timezone, time.altzone)
    told = os.environ.get("TZ")
    return {"TZ": told, "zone": _zone_by_name(told, now), "tzname": now}


@cache
def _zone_by_name(_told: str | None, _now: object) -> str:
    return local_zone()


_zone_at_start = _zone()


def zone_as_at_start() -> bool:
    """Whether the time zone is that with which this process began, as others that it begins have it."""
    return _zone() == _zone_at_start


def _zone_shown(name: str, value: Any) -> Shown | None:
    zone = value[0][0] if name == "tzname" else str(value).removeprefix("Etc/")
    return None if name == "TZ" or zone in _UTC else "times"


def _set_zone(values: Settings) -> None:
    if "TZ" in values:
        _set_variable("TZ", values["TZ"])
    if hasattr(time, "tzset"):
        time.tzset()


# ---------------------------------------------------------------- NumPy and `decimal`

_NUMPY_ERRORS = ("divide", "over", "under", "invalid")
_NUMPY_CAME: Settings = {
    **dict.fromkeys(_NUMPY_ERRORS, "warn"),
    "under": "ignore",
    "edgeitems": 3,
    "threshold": 1000,
    "floatmode": "maxprec",
    "precision": 8,
    "linewidth": 75,
    "suppress": False,
    "nanstr": "nan",
    "infstr": "inf",
    "sign": "-",
    "legacy": False,
}


def _numpy() -> Settings | None:
    module = module_of("numpy")
    if not hasattr(module, "get_printoptions") or not hasattr(module, "geterr"):
        return None
    return {**module.geterr(), "errcall": module.geterrcall(), **module.get_printoptions()}


def _numpy_shown(name: str, value: Any) -> Shown | None:
    if name in _NUMPY_ERRORS:
        return "values" if value in ("raise", "call", "log") else "asked"
    return "values" if name == "errcall" else "texts"


def _set_numpy(values: Settings) -> None:
    module = module_of("numpy")
    errors = {name: how for name, how in values.items() if name in _NUMPY_ERRORS}
    texts = {name: v for name, v in values.items() if name not in (*_NUMPY_ERRORS, "errcall")}
    if "errcall" in values:
        module.seterrcall(values["errcall"])
    module.seterr(**errors)
    if texts:
        module.set_printoptions(**{**module.get_printoptions(), **texts})


_TRAPS = ["DivisionByZero", "InvalidOperation", "Overflow"]
_DECIMAL_CAME: Settings = {
    "prec": 28,
    "rounding": "ROUND_HALF_EVEN",
    "Emin": -999999,
    "Emax": 999999,
    "clamp": 0,
    "capitals": 1,
    "traps": _TRAPS,
}


def _decimal() -> Settings | None:
    module = module_of("decimal")
    if not hasattr(module, "getcontext"):
        return None
    now = module.getcontext()
    held = {name: getattr(now, name) for name in _DECIMAL_CAME}
    return {**held, "traps": sorted([kind.__name__ for kind, on in now.traps.items() if on])}


def _set_decimal(values: Settings) -> None:
    now = module_of("decimal").getcontext()
    for name, value in values.items():
        if name == "traps":
            now.traps = {kind: kind.__name__ in value for kind in now.traps}
        else:
            setattr(now, name, value)


# ---------------------------------------------------------------- the table

LIBRARIES: tuple[Library, ...] = (
    Library("matplotlib.rcParams", _matplotlib, _matplotlib_came, _figures, _set_matplotlib),
    Library("pandas.options", _pandas, _pandas_came, _pandas_shown, _set_pandas),
    Library("polars.Config", _polars, lambda: _POLARS_CAME, _polars_shown, _set_polars),
    Library("locale", _locale, lambda: _locale_came, _locale_shown, _set_locale),
    Library("working folder", _folder, _nothing, _aside, _set_folder),
    Library("time zone", _zone, _nothing, _zone_shown, _set_zone),
    Library("numpy", _numpy, lambda: _NUMPY_CAME, _numpy_shown, _set_numpy, "context"),
    Library(
        "decimal.getcontext()", _decimal, lambda: _DECIMAL_CAME, in_values, _set_decimal, "context"
    ),
)
