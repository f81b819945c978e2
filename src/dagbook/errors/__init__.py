"""The errors of dagbook, one module an area; all derive from DagbookError."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dagbook.errors.base import DagbookError, Place, did_you_mean, nearest

if TYPE_CHECKING:
    from dagbook.errors.cells import (
        BadOptionValue,
        BodySyntaxError,
        CellError,
        DefinitionFaults,
        EscapedQuote,
        ForbiddenName,
        ForbiddenStatement,
        HeaderError,
        MissingArgument,
        MissingOptionValue,
        NotAScalar,
        NotATable,
        NotOneQuery,
        NoValue,
        NoVerdict,
        QueryFailed,
        RepeatedOption,
        SelfReference,
        SqlSyntaxError,
        UnboundValue,
        UnclosedQuote,
        UnexpectedWord,
        UnknownExpansion,
        UnknownOption,
        UnknownPlaceholder,
        UnnamedPlaceholder,
    )
    from dagbook.errors.resources import (
        ColumnsMissing,
        ConfigFault,
        DatabaseLocked,
        EnvVarShown,
        EnvVarUnset,
        InvalidConfig,
        MissingIOManager,
        MissingResource,
        NotAnIOManager,
        NotATableValue,
        ResourceError,
        ResourceFailed,
        TableMissing,
        UndeclaredResource,
        UnknownProtocol,
    )
    from dagbook.errors.selection import (
        NotASelection,
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
    "BadOptionValue",
    "BodySyntaxError",
    "CellError",
    "ColumnsMissing",
    "ConfigFault",
    "DagbookError",
    "DatabaseLocked",
    "DefinitionFaults",
    "EnvVarShown",
    "EnvVarUnset",
    "EscapedQuote",
    "ForbiddenName",
    "ForbiddenStatement",
    "ForeignStore",
    "HeaderError",
    "InvalidConfig",
    "MissingArgument",
    "MissingIOManager",
    "MissingOptionValue",
    "MissingResource",
    "NewerStore",
    "NoAssetKey",
    "NoValue",
    "NoVerdict",
    "NotAScalar",
    "NotASelection",
    "NotAStore",
    "NotATable",
    "NotATableValue",
    "NotAnIOManager",
    "NotLoadable",
    "NotOneQuery",
    "NotStorable",
    "NothingStored",
    "Place",
    "QueryFailed",
    "ReadOnlyStore",
    "RepeatedOption",
    "ResourceError",
    "ResourceFailed",
    "SelectionError",
    "SelectionNotAnswerable",
    "SelectionSyntaxError",
    "SelectionTooLarge",
    "SelfReference",
    "SqlSyntaxError",
    "StoreError",
    "StoreFull",
    "StoreGone",
    "TableMissing",
    "UnboundValue",
    "UnclosedQuote",
    "UndeclaredResource",
    "UnexpectedWord",
    "UnknownExpansion",
    "UnknownNameInSelection",
    "UnknownOption",
    "UnknownPlaceholder",
    "UnknownProtocol",
    "UnnamedPlaceholder",
    "UnsafePath",
    "UnspeakableName",
    "ValueLost",
    "did_you_mean",
    "nearest",
]

_AREAS = ("cells", "resources", "selection", "store")


def __getattr__(name: str) -> Any:
    """An error, whose area is loaded with its first use."""
    for area in _AREAS if name in __all__ else ():
        found = getattr(import_module(f"dagbook.errors.{area}"), name, None)
        if found is not None:
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
