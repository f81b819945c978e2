"""Says in a few words what a value is, without calling any code of its class."""

from __future__ import annotations

from textwrap import indent
from typing import Any

from dagbook.versions.redaction import is_secret_name, is_secret_text

CONTAINERS = frozenset({list, tuple, dict, set, frozenset})
_LONGEST = 200
_LINE = 72
# The values that a container shows, and the length of their text; it is kept with each version.
_MOST, _WHOLE = 200, 4000
SECRET = "a secret"
_BRACKETS: dict[type, tuple[str, str]] = {list: ("[", "]"), tuple: ("(", ")")}
_NUMBERS = frozenset({int, float, bool, complex, type(None)})


def describe(value: Any) -> str:
    """A short text: the value itself where it is a number, a short text or a few of these.

    Of anything else type and size, and of what may be a secret that it is one.

    Example:
        >>> describe(0.25), describe({"a": [1, 2]}), describe([0] * 1000)
        ('0.25', "{'a': [1, 2]}", 'list of 1000')
    """
    return _described(value, _MOST)


def _described(value: Any, room: int) -> str:
    kind = type(value)
    if kind in _NUMBERS:
        return _number(value)
    if kind is str or kind is bytes:
        return _text(value)
    shape = _shape(value) if kind.__module__ != "__main__" else None
    if shape is not None:
        return f"{kind.__name__} of shape {shape}"
    if kind in CONTAINERS:
        if not value:
            return repr(value)
        text = _held(value, room) if len(value) <= room else None
        return text or f"{kind.__name__} of {len(value)}"
    return f"an instance of {kind.__qualname__}"


def _held(value: Any, room: int) -> str | None:
    """What a container holds, on one line or an item a line; None where that is too long."""
    room //= len(value) + 1
    if type(value) is dict:
        items = [
            f"{_described(name, room)}: {SECRET if _names_secret(name) else _described(one, room)}"
            for name, one in value.items()
        ]
    else:
        # In a pair such as `("password", "…")` the one names the other.
        hidden = any(_names_secret(one) for one in value)
        items = [SECRET if hidden and type(one) is str else _described(one, room) for one in value]
    if type(value) in (set, frozenset):
        items.sort()
    begin, end = _BRACKETS.get(type(value), ("{", "}"))
    if type(value) is tuple and len(items) == 1:
        end = ",)"
    text = f"{begin}{', '.join(items)}{end}"
    if len(text) > _LINE:
        text = f"{begin}\n{indent(chr(10).join(f'{item},' for item in items), '  ')}\n{end}"
    return text if len(text) <= _WHOLE else None


def _names_secret(value: object) -> bool:
    return type(value) is str and is_secret_name(value)


def _number(value: Any) -> str:
    if type(value) is int and value.bit_length() > 4 * _LONGEST:
        return f"an integer of {value.bit_length()} bits"
    return repr(value)


def _text(value: str | bytes) -> str:
    if isinstance(value, str) and is_secret_text(value):
        return SECRET
    if len(value) <= _LONGEST:
        return repr(value)
    return f"{type(value).__name__} of length {len(value)}"


def _shape(value: Any) -> str | None:
    root = type(value).__module__.partition(".")[0]
    if root not in ("numpy", "pandas", "polars", "pyarrow"):
        return None
    shape = getattr(value, "shape", None)
    return str(shape) if isinstance(shape, tuple) else None
