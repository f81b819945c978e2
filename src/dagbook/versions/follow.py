"""Chooses how each sort of value is followed."""

from __future__ import annotations

import functools
import logging
import operator
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from dagbook.versions.caches import CACHED
from dagbook.versions.content import is_plain
from dagbook.versions.functions import follow_function
from dagbook.versions.modules import follow_module
from dagbook.versions.objects import (
    by_fields,
    follow_builtin,
    follow_cached,
    follow_class,
    follow_data,
    follow_declared,
    follow_hint,
    follow_instance,
    follow_logger,
    follow_operator,
    follow_type_variable,
)
from dagbook.versions.web import Expand

_SLOT_WRAPPERS = (type(str.upper), type(object.__init__), type("".__str__))

_BY_TYPE: dict[type, Expand] = {
    FunctionType: follow_function,
    BuiltinFunctionType: follow_builtin,
    MethodType: by_fields("method", "__func__", "__self__"),
    functools.partial: by_fields("partial", "func", "args", "keywords"),
    functools.partialmethod: by_fields("partialmethod", "func", "args", "keywords"),
    CACHED: follow_cached,
    property: by_fields("property", "fget", "fset", "fdel"),
    staticmethod: by_fields("staticmethod", "__func__"),
    classmethod: by_fields("classmethod", "__func__"),
    functools.cached_property: by_fields("cached_property", "func"),
    functools.singledispatchmethod: by_fields("singledispatchmethod", "func"),
    operator.itemgetter: follow_operator,
    operator.attrgetter: follow_operator,
    operator.methodcaller: follow_operator,
    **dict.fromkeys(_SLOT_WRAPPERS, follow_builtin),
}


def expander(value: Any) -> Expand:
    """How to follow this value."""
    kind = type(value)
    known = _BY_TYPE.get(kind)
    if known is not None:
        return known
    # Never `isinstance`: the value's own class may say that it is another, or raise.
    if issubclass(kind, type):
        return follow_class
    if issubclass(kind, ModuleType):
        return follow_module
    if hasattr(kind, "__dagbook_code__"):
        return follow_declared
    if kind.__module__ == "typing" and hasattr(value, "__args__"):
        return follow_hint
    if kind.__module__ == "typing" and isinstance(getattr(value, "__name__", None), str):
        return follow_type_variable
    if issubclass(kind, logging.Logger):
        return follow_logger
    return follow_data if is_plain(kind) else follow_instance
