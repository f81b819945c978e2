"""Tells which code of installed packages may read files below Python, where no audit event tells of it."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from dagbook.versions.origin import OURS, home_of_file
from dagbook.versions.parts import Note

_NOTHING: frozenset[str] = frozenset()
# Packages with compiled parts that are known: what they read is seen, or they read no files at all.
# Boosters of trees (XGBoost, LightGBM, CatBoost) are not: where they take data they take paths too.
_SEEN_WHOLE = """
IPython Levenshtein PIL aiohttp bcrypt blis bottleneck brotli bs4 cftime charset_normalizer contourpy coverage
cryptography cymem dask debugpy duckdb _duckdb ecos fontTools frozenlist fsspec gmpy2 greenlet h3
hdbscan httptools hypothesis ipykernel ipywidgets jax jaxlib jiter jupyter_client kiwisolver llvmlite lz4 markupsafe
matplotlib ml_dtypes mmh3 mpl_toolkits msgpack multidict murmurhash narwhals numba numexpr numpy openpyxl orjson pandas patsy
polars preshed propcache psutil pyarrow pydantic pydantic_core rapidfuzz regex rpds scipy shapely sklearn
statsmodels simplejson sqlalchemy tomli tornado tqdm traitlets ujson wcwidth wrapt xarray xxhash yaml
yarl zmq zstandard
"""
# What in such a package, and in the standard library, reads unseen nevertheless.
_UNSEEN_PARTS = {
    "PIL": frozenset({"FreeTypeFont", "truetype"}),
    "ctypes": frozenset({"CDLL", "LibraryLoader", "PyDLL", "cdll", "pydll"}),
    "geopandas": frozenset({"list_layers", "read_file"}),
    "pandas": frozenset({"read_spss"}),
    "polars": frozenset({"read_database_uri", "read_delta", "scan_delta", "scan_iceberg"}),
    "pyarrow": frozenset(
        {"LocalFileSystem", "MemoryMappedFile", "OSFile", "fs", "_fs", "memory_map", "flight"}
    ),
    "pyproj": frozenset({"datadir"}),
    "scipy": frozenset({"mmread", "mminfo", "_fast_matrix_market"}),
    # `torch.load` opens its file in Python.
    "torch": frozenset(
        {"PackageImporter", "PyTorchFileReader", "TypedStorage", "UntypedStorage", "classes"}
        | {"export", "from_file", "jit", "ops", "package"}
    ),
}
_KNOWN = {**dict.fromkeys(_SEEN_WHOLE.split(), _NOTHING), **_UNSEEN_PARTS}
_DRAWING = frozenset({"matplotlib", "mpl_toolkits", "seaborn"})
_COMPILED = (".so", ".pyd", ".dylib", ".dll")
_REFERRING = frozenset({FunctionType, BuiltinFunctionType, type})


def reads_unseen(name: str, read_nothing: frozenset[str] = _NOTHING) -> str | None:
    """What of a package may read files unseen, by the full name of what is used of it.

    A package with compiled parts may, unless it is known; so may one of Python only that uses such
    a package. Nothing is imported for that. `read_nothing`: packages of which the user says so, and
    parts of packages.

    >>> reads_unseen("pandas:read_csv"), reads_unseen("pyarrow.lib:OSFile")
    (None, 'pyarrow.OSFile')
    """
    module, _, path = name.partition(":")
    root = module.partition(".")[0]
    parts = _KNOWN.get(root)
    if parts is not None:
        for part in (*module.split(".")[1:], *path.split(".")):
            if part in parts:
                found = f"{root}.{part}"
                return None if read_nothing & {root, found} else found
        return None
    return root if _compiled_behind(root, len(sys.modules), read_nothing) else None


def draws(root: str) -> bool:
    """Whether a package draws with Matplotlib; one that does much else is known by what is called of it.

    >>> draws("seaborn"), draws("pandas")
    (True, False)
    """
    if root in _DRAWING:
        return True
    return root not in _KNOWN and root != OURS and _uses_matplotlib(root, len(sys.modules))


@lru_cache(maxsize=1024)
def _uses_matplotlib(root: str, _loaded: int) -> bool:
    return "matplotlib" in _used_by(root)


def of_reader(name: str, read_nothing: frozenset[str]) -> Note | None:
    """The note on what reads unseen; None for all else."""
    found = reads_unseen(name, read_nothing)
    return Note("unseen", found) if found is not None else None


@lru_cache(maxsize=1024)
def _compiled_behind(root: str, _loaded: int, read_nothing: frozenset[str]) -> bool:
    """Whether a package has compiled parts, itself or in what it uses.

    The number of loaded modules stands for what could be found when it was asked.
    """
    todo, met = [root], set[str]()
    while todo:
        one = todo.pop()
        if one in met or one in _KNOWN or one in read_nothing or one == OURS:
            continue
        met.add(one)
        places = _places(one)
        if any(home_of_file(place) == "package" for place in places):
            if _is_compiled(one, tuple(places)):
                return True
            todo += _used_by(one)
    return False


@lru_cache(maxsize=1024)
def _is_compiled(_root: str, places: tuple[str, ...]) -> bool:
    """Whether a package in these folders has a compiled part, loaded or not."""
    for place in places:
        if place.endswith(_COMPILED):
            return True
        for _, _, files in os.walk(place):
            if any(file.endswith(_COMPILED) or ".so." in file for file in files):
                return True
    return False


def _places(root: str) -> list[str]:
    """The folders of a package, or its one file."""
    module = sys.modules.get(root)
    try:
        spec = module.__spec__ if module is not None else importlib.util.find_spec(root)
    except (AttributeError, ImportError, ValueError):
        return []
    if spec is None:
        return []
    return list(spec.submodule_search_locations or ([spec.origin] if spec.origin else []))


def _used_by(root: str) -> Iterator[str]:
    """The packages of which the loaded modules of a package name something."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == root and issubclass(type(module), ModuleType):
            for value in list(vars(module).values()):
                other = _module_of(value)
                if other:
                    yield other.partition(".")[0]


def _module_of(value: Any) -> str:
    kind = type(value)
    if issubclass(kind, ModuleType):
        found = vars(value).get("__name__")
    else:
        found = value.__module__ if kind in _REFERRING else None
    return found if isinstance(found, str) else ""
