"""Whether a value is what an annotation says."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from dagbook.definitions.nothing import Nothing
from dagbook.definitions.ops import ANY
from dagbook.definitions.ports import DynamicOutput
from dagbook.definitions.results import AssetCheckResult, MaterializeResult, Output

# Of a large container the first entries are looked at: types seldom change in the middle.
_LOOKED_AT = 10_000
# What says how a result is handed over, rather than of what type it is.
_FORMS = (Output, MaterializeResult, DynamicOutput, AssetCheckResult)


def fits(value: Any, annotation: Any) -> bool:
    """Whether the value is of this type; what can't be tell is taken to fit.

    >>> fits([1, 2], list[int]), fits(["a"], list[int]), fits(None, int | None), fits(1, float)
    (True, False, True, True)
    """
    if annotation is ANY or annotation is Any or annotation is Nothing or annotation == "":
        return True
    if annotation is None:
        return value is None
    origin = typing.get_origin(annotation)
    if origin is not None:
        return _fits_generic(value, origin, typing.get_args(annotation))
    if not isinstance(annotation, type) or issubclass(annotation, _FORMS):
        return True
    return _is_instance(value, annotation)


def type_name(annotation: Any) -> str:
    """The annotation as people write it.

    >>> type_name(int), type_name(list[int])
    ('int', 'list[int]')
    """
    if isinstance(annotation, type) and typing.get_origin(annotation) is None:
        return annotation.__name__
    return str(annotation).replace("typing.", "")


def _is_instance(value: Any, kind: type) -> bool:
    if kind is float and type(value) is int:
        return True
    try:
        return isinstance(value, kind)
    except TypeError:  # a protocol that can't be asked while a program runs
        return True


def _fits_generic(value: Any, origin: Any, args: tuple[Any, ...]) -> bool:
    if origin is typing.Union or origin is types.UnionType:
        return any(fits(value, one) for one in args)
    if origin is typing.Literal:
        return value in args
    if origin is typing.Annotated:
        return fits(value, args[0])
    if not isinstance(origin, type):
        return True
    if issubclass(origin, _FORMS):
        return not args or fits(value, args[0])
    if not _is_instance(value, origin):
        return False
    look = _INSIDE.get(origin)
    return look is None or not args or look(value, args)


def _all_fit(values: Iterable[Any], annotation: Any) -> bool:
    return all(fits(one, annotation) for one in islice(values, _LOOKED_AT))


def _in_mapping(value: Mapping[Any, Any], args: tuple[Any, ...]) -> bool:
    return _all_fit(value, args[0]) and _all_fit(value.values(), args[-1])


def _in_tuple(value: tuple[Any, ...], args: tuple[Any, ...]) -> bool:
    if len(args) == 2 and args[1] is Ellipsis:
        return _all_fit(value, args[0])
    return len(value) == len(args) and all(map(fits, value, args))


_INSIDE: Mapping[type, Callable[[Any, tuple[Any, ...]], bool]] = {
    **dict.fromkeys((list, set, frozenset), lambda value, args: _all_fit(value, args[0])),
    dict: _in_mapping,
    tuple: _in_tuple,
}
