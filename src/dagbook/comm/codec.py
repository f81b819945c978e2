"""Messages to JSON and back, with a look at every field."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from dagbook.errors.comm import BadMessage

_PLAIN = {str: "text", int: "a whole number", bool: "true or false", float: "a number"}
# What a message may weigh, so that a page's mistake does not fill the kernel.
LONGEST = 1_000_000


def encode(message: Any) -> Any:
    """The message as JSON knows it: records as objects, tuples as lists.

    >>> from dagbook.comm.messages import Cancel
    >>> encode(Cancel(request="1"))
    {'type': 'cancel', 'request': '1'}
    """
    if is_dataclass(message):
        return {field.name: encode(getattr(message, field.name)) for field in fields(message)}
    if isinstance(message, tuple):
        return [encode(each) for each in message]
    return message


def decode(union: Any, data: object) -> Any:
    """The message of this union that JSON data stand for; raises BadMessage where they are none.

    >>> from dagbook.comm.messages import ToKernel
    >>> decode(ToKernel, {"type": "cancel", "request": "1"})
    Cancel(type='cancel', request='1')
    """
    if not isinstance(data, dict):
        raise BadMessage(place="message", expected="an object", found=_found(data))
    by_type = _by_type(union)
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in by_type:
        raise BadMessage(place="type", expected=f"one of {', '.join(by_type)}", found=_found(kind))
    return _record(by_type[kind], data, kind)


@cache
def _by_type(union: Any) -> dict[str, type]:
    return {get_args(_hints(one)["type"])[0]: one for one in get_args(union)}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _record(kind: type, data: dict[str, Any], place: str) -> Any:
    hints = _hints(kind)
    for name in data.keys() - hints.keys():
        raise BadMessage(place=f"{place}.{name[:60]}", expected="nothing", found="a field")
    given = {}
    for name, hint in hints.items():
        if name not in data:
            raise BadMessage(place=f"{place}.{name}", expected="a value", found="nothing")
        given[name] = _value(hint, data[name], f"{place}.{name}")
    return kind(**given)


def _value(hint: Any, data: object, place: str) -> Any:
    """The value of a field; raises BadMessage."""
    origin = get_origin(hint)
    if origin is Literal:
        if data in get_args(hint) and isinstance(data, str):
            return data
        expected = " or ".join(map(str, get_args(hint)))
        raise BadMessage(place=place, expected=expected, found=_found(data))
    if origin is tuple:
        if not isinstance(data, list) or len(data) > LONGEST:
            raise BadMessage(place=place, expected="a list", found=_found(data))
        inner = get_args(hint)[0]
        return tuple([_value(inner, each, f"{place}[{n}]") for n, each in enumerate(data)])
    if origin in (Union, UnionType):
        if data is None and NoneType in get_args(hint):
            return None
        (inner,) = [each for each in get_args(hint) if each is not NoneType]
        return _value(inner, data, place)
    if is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(data, dict):
            raise BadMessage(place=place, expected="an object", found=_found(data))
        return _record(hint, data, place)
    if hint is float and type(data) is int:
        return float(data)
    if type(data) is not hint:
        raise BadMessage(place=place, expected=_PLAIN[hint], found=_found(data))
    return data


def _found(data: object) -> str:
    """What is there instead, in a word or two."""
    if data is None:
        return "nothing"
    if isinstance(data, str):
        return f"the text {data[:40]!r}"
    if isinstance(data, bool):
        return str(data).lower()
    names = {dict: "an object", list: "a list", int: "a number", float: "a number"}
    return names.get(type(data), type(data).__name__)
