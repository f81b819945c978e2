"""The settings of libraries that were changed: what bodies give shows them, though they name none."""

from __future__ import annotations

import opcode
import re
from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from types import CodeType
from typing import Any

from dagbook.definitions.context import carried, in_cells, is_thread_of_cells
from dagbook.versions.bytecode import nested_codes
from dagbook.versions.libraries import LIBRARIES, Changed, Library, Settings, Shown
from dagbook.versions.libraries_of_models import OF_MODELS
from dagbook.versions.registries import REGISTRIES
from dagbook.versions.told import told

# Names by which code has something drawn, that of an accessor of frames included; names by which
# it turns values into texts as they would be displayed; and names by which it asks for local times.
_DRAWS = re.compile(r"plot|hist|draw|chart|figure|display|dendrogram|heatmap|style", re.IGNORECASE)
_WRITES = (
    {"__format__", "__repr__", "__str__", "_repr_html_", "ascii", "format", "format_map", "print"}
    | {"display", "info", "glimpse", "pformat", "pprint", "render", "repr", "str", "substitute"}
    | {"array2string", "array_repr", "array_str", "style", "to_html", "to_latex", "to_markdown"}
    | {"format_float_positional", "format_float_scientific", "to_string"}
)
_TIMES = (
    {"altzone", "asctime", "astimezone", "ctime", "date_time", "fromtimestamp", "localtime"}
    | {"gettz", "mktime", "now", "strftime", "timestamp", "today", "tzlocal", "tzname"}
    | {"timezone", "tz_convert", "tz_localize", "dateparser", "dateutil", "pendulum", "arrow"}
)
# What cells have told packages: the packages that show it, and the names by which code may meet it.
SEEN: Mapping[Shown, frozenset[str]] = {
    "caught": frozenset({"getrecursionlimit", "getswitchinterval", "get_int_max_str_digits"}),
    "chance": frozenset(
        {"rand", "randint", "randn", "random_sample", "randrange", "ranf", "sample", "shuffle"}
        | {"faker", "random", "scipy", "seaborn", "sklearn", "statsmodels", "tensorflow", "torch"}
    ),
    "codecs": frozenset(
        {"codecs", "decode", "encode", "encoding", "errors", "open", "read_text", "write_text"}
    ),
    "dialects": frozenset({"csv", "dialect"}),
    "duckdb": frozenset({"duckdb"}),
    "kinds": frozenset({"isinstance", "issubclass"}),
    "modes": frozenset({"S_IMODE", "filemode", "st_mode", "umask"}),
    "pickles": frozenset(
        {"cloudpickle", "copy", "copyreg", "deepcopy", "dill", "joblib", "pickle", "shelve"}
    ),
    "sqlite3": frozenset({"read_sql", "sqlalchemy", "sqlite3", "to_sql"}),
}
# By these code asks for settings themselves, wherever else they show.
_ASKS = frozenset(
    {"get_option", "get_printoptions", "getlocale", "geterr", "getpreferredencoding", "options"}
)
_LEVELS = frozenset({"getEffectiveLevel", "isEnabledFor", "level"})
_FORMATS = {opcode.opmap.get(f"FORMAT_{how}", -1) for how in ("VALUE", "SIMPLE", "WITH_SPEC")}


@lru_cache(maxsize=4096)
def shown_by(code: CodeType) -> tuple[Shown, ...]:
    """Where settings may show in what code gives, by its names and the texts in it.

    >>> shown_by((lambda raw: raw.boxplot()).__code__), shown_by((lambda raw: f"{raw}").__code__)
    (('figures',), ('texts',))
    """
    inner = [*nested_codes(code)]
    texts = [one for code in inner for one in code.co_consts if type(one) is str]
    words = {name for code in inner for name in code.co_names} | {*filter(str.isidentifier, texts)}
    given = {
        one for code in inner for const in code.co_consts if type(const) is tuple for one in const
    }
    if "default_rng" in words:  # which has a seed of its own
        words.discard("random")
    catches = any(code.co_exceptiontable for code in inner)
    records = "catch_warnings" in words and "record" in given
    asks = not _ASKS.isdisjoint(words)
    draws = asks or any(map(_DRAWS.search, words))
    writes = asks or bool(words & _WRITES) or any("%" in text for text in texts)
    writes = writes or any(op in _FORMATS for code in inner for op in code.co_code[::2])
    found: tuple[tuple[Shown, bool], ...] = (
        ("figures", draws),
        ("texts", writes),
        ("times", bool(words & _TIMES)),
        ("caught", catches),
        ("asked", asks),
        ("warned", records or {"warnings", "filters"} <= words),
        ("levels", not _LEVELS.isdisjoint(words)),
        *[(shown, not names.isdisjoint(words | given)) for shown, names in SEEN.items()],
    )
    return tuple(dict.fromkeys([shown for shown, is_so in found if is_so]))


# ---------------------------------------------------------------- what was changed

# What each library was set to when it was last looked at, and what of that counted.
_known: dict[Library, tuple[Settings, list[Changed]]] = {}


def changed_settings() -> list[Changed]:
    """The libraries that are loaded and set otherwise than they came; none is loaded for that."""
    found = [one for library in OF_PROCESS for one in _changed(library)]
    return found + in_cells(_changed_around) + told()


def changed_in(library: Library) -> list[Changed]:
    """The same of one library that is asked only where code uses it."""
    return _changed(library)


def _changed_around() -> list[Changed]:
    """What is set for the thread or the context in which this is called."""
    return [one for library in AROUND for one in _changed(library)]


def _changed(library: Library) -> list[Changed]:
    now = now_in_cells(library)
    if now is None:
        return []
    known = _known.get(library)
    if known is None or known[0] != now:
        known = _known[library] = (now, _differing(library, now))
    return known[1]


def _differing(library: Library, now: Settings) -> list[Changed]:
    held: dict[Shown, dict[str, Any]] = {}
    for name in sorted(library.differing(now, library.came())):
        shown = library.shown(name, now.get(name))
        if shown is not None:
            held.setdefault(shown, {})[name] = now.get(name)
    return [Changed(library.label, shown, values) for shown, values in held.items()]


# ---------------------------------------------------------------- threads

_ALL = (*LIBRARIES, *OF_MODELS, *REGISTRIES)
OF_PROCESS = tuple([one for one in _ALL if one.of == "process"])
AROUND = tuple([one for one in _ALL if one.of != "process"])
OF_THREAD = tuple([one for one in _ALL if one.of == "thread"])
# What libraries keep for the thread of the cells: other threads can't ask for that.
_carried: ContextVar[Mapping[Library, Settings | None]] = ContextVar("dagbook_settings")


def _carry() -> None:
    _carried.set({library: now_of(library) for library in OF_THREAD})


carried.append(_carry)


def now_in_cells(library: Library) -> Settings | None:
    """What is set in the thread of the cells, as far as it is known here."""
    held = None if library.of != "thread" or is_thread_of_cells() else _carried.get(None)
    return now_of(library) if held is None else held.get(library)


def now_of(library: Library) -> Settings | None:
    """What is set where this is called; None where the library is not loaded."""
    try:
        return library.now()
    except Exception:
        # A version of the library that keeps them elsewhere, or that is just being loaded.
        return None
