"""Which format a value is written in, decided by its type without loading what is not loaded."""

from __future__ import annotations

from dagbook.io.formats.arrow import ArrowPolars, ArrowTable, Parquet
from dagbook.io.formats.base import Format
from dagbook.io.formats.npy import Npy
from dagbook.io.formats.pickled import Pickled

PICKLED = Pickled()
# Frames of pandas are pickled: their blocks then lie beside the pickle as they are, which keeps
# every index, attribute and mixed column, and measured half the time of a Feather file.
_BY_MODULE: dict[str, Format] = {
    "numpy": Npy(),
    "polars": ArrowPolars(),
    "pyarrow": ArrowTable(),
}
_ALL: tuple[Format, ...] = (PICKLED, Parquet(), *_BY_MODULE.values())
_BY_NAME = {known.name: known for known in _ALL} | {PICKLED.name_with_code: PICKLED}


def format_for(value: object) -> Format:
    """The format in which an equal value comes back.

    >>> format_for({"a": 1}).name
    'pickle'
    """
    special = _BY_MODULE.get(type(value).__module__.partition(".")[0])
    if special is not None and special.suits(value):
        return special
    return PICKLED


def format_named(name: str) -> Format | None:
    """The format that a record names, if this version has it."""
    # A pickle says itself which Python its code is of.
    return _BY_NAME.get(name) or (PICKLED if name.startswith(PICKLED.name) else None)


def is_read_here(name: str) -> bool:
    """Whether this version, in this version of Python, reads what is written in the format."""
    return name in _BY_NAME
