"""The errors of dagbook, one module an area; all derive from DagbookError."""

from dagbook.errors.base import DagbookError, Place, did_you_mean, nearest
from dagbook.errors.selection import (
    SelectionError,
    SelectionNotAnswerable,
    SelectionSyntaxError,
    SelectionTooLarge,
    UnknownNameInSelection,
    UnspeakableName,
)
from dagbook.errors.store import (
    ForeignStore,
    NewerStore,
    NoAssetKey,
    NotAStore,
    NothingStored,
    NotLoadable,
    NotStorable,
    ReadOnlyStore,
    StoreError,
    StoreFull,
    StoreGone,
    UnsafePath,
    ValueLost,
)

__all__ = [
    "DagbookError",
    "ForeignStore",
    "NewerStore",
    "NoAssetKey",
    "NotAStore",
    "NotLoadable",
    "NotStorable",
    "NothingStored",
    "Place",
    "ReadOnlyStore",
    "SelectionError",
    "SelectionNotAnswerable",
    "SelectionSyntaxError",
    "SelectionTooLarge",
    "StoreError",
    "StoreFull",
    "StoreGone",
    "UnknownNameInSelection",
    "UnsafePath",
    "UnspeakableName",
    "ValueLost",
    "did_you_mean",
    "nearest",
]
