"""Classes of the notebook in pickles: written with their code, read as the live class if equal.

A class that is only written by its code comes back, after a restart, as a second class of the same
name: `isinstance`, `==` of dataclasses and `is` of enumeration members would then say no. So the
class that the notebook has by that name is taken where its definition is the one that was written.

Code is written as the instructions of one version of Python, which end the process of another one.
Where it cannot run, the notebook's class of that name is taken; else the value is refused.
"""

from __future__ import annotations

import enum
import functools
import io
import pickle
import sys
import types
from collections.abc import Callable
from typing import Any

import xxhash

from dagbook.errors.store import CodeOfOtherPython

MODULE = "__main__"
PYTHON = sys.implementation.cache_tag or sys.implementation.name
_Reduce = Callable[[Any], tuple[Any, ...] | None]
_DEEPEST = 20
# Made anew for every class, or different from one session to the next without meaning.
_PASSED_OVER = frozenset(
    ("__dict__", "__weakref__", "__module__", "__doc__", "__firstlineno__", "_abc_impl")
    + ("__static_attributes__", "__annotate_func__", "__annotations_cache__", "__slotnames__")
)


def pickler(file: Any, **options: Any) -> Any:
    """A pickler that writes what belongs to the notebook with its code.

    Its `wrote_code` says afterwards whether only this version of Python can read all of it.
    """
    return _overriding(file, _reduce, options)


def _reduce(value: Any) -> tuple[Any, ...] | None:
    if isinstance(value, type) and value.__module__ == MODULE and "<" not in value.__qualname__:
        file = io.BytesIO()
        # The class itself by its code, and the classes that it names too: they belong to it.
        _overriding(file, _reduce_cached_property, {}).dump(value)
        written = value.__qualname__, fingerprint(value), file.getvalue(), PYTHON
        return restore_class, written
    return _reduce_cached_property(value)


def _reduce_cached_property(value: Any) -> tuple[Any, ...] | None:
    """Without its lock, which it has before Python 3.12 and which has no pickle."""
    if type(value) is not functools.cached_property:
        return None
    return restore_cached_property, (value.func, value.attrname)


def restore_cached_property(func: Any, name: str) -> Any:
    """A cached property under the name that it had."""
    made = functools.cached_property(func)
    made.__set_name__(object, name)
    return made


def _overriding(file: Any, reduce: _Reduce, options: dict[str, Any]) -> Any:
    import cloudpickle

    made = cloudpickle.Pickler(file, 5, **options)
    by_code = made.reducer_override

    def override(value: Any) -> Any:
        if type(value) is not types.CodeType:
            return reduce(value) or by_code(value)
        made.wrote_code = True
        _, arguments = made.dispatch_table[types.CodeType](value)
        return restore_code, (PYTHON, *arguments)

    made.wrote_code = False
    made.reducer_override = override
    return made


def restore_code(python: str, *arguments: Any) -> types.CodeType:
    """The code; raises CodeOfOtherPython where it is of another version."""
    _require(python)
    return types.CodeType(*arguments)


def _require(python: str) -> None:
    if python != PYTHON:
        raise CodeOfOtherPython(python=python, here=PYTHON)


def restore_class(qualname: str, expected: str, code: bytes, python: str) -> Any:
    """The notebook's class of this name, if defined as expected; else the one that was written.

    Of what another Python has written the definition cannot be compared: what is fresh was made
    with a class of the same source.
    """
    live: Any = sys.modules.get(MODULE)
    for name in qualname.split("."):
        live = getattr(live, name, None)
    if isinstance(live, type) and (python != PYTHON or fingerprint(live) == expected):
        return live
    _require(python)
    return pickle.loads(code)


def fingerprint(kind: type) -> str:
    """A hash of what a class says: its name, bases, and attributes with the code of its methods."""
    described = _describe_class(kind, 0)
    return str(xxhash.xxh3_128_hexdigest(repr(described).encode("utf-8", "surrogatepass")))


def _describe_class(kind: type, depth: int) -> object:
    attributes = sorted(
        (name, _describe(value, depth + 1))
        for name, value in vars(kind).items()
        if name not in _PASSED_OVER
    )
    bases = [_describe(base, depth + 1) for base in kind.__bases__]
    return kind.__qualname__, _name(type(kind)), repr(bases), repr(attributes)


def _describe(value: Any, depth: int) -> str:
    """A text that is equal, in any session of one Python version, for what is defined equally."""
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, enum.Enum):
        return f"{value._name_}={_describe(value._value_, depth + 1)}"
    if value is None or isinstance(value, bool | int | float | complex | str | bytes):
        return repr(value)
    if isinstance(value, tuple | list):
        return repr([_describe(part, depth + 1) for part in value])
    if isinstance(value, dict):
        return repr([(str(name), _describe(part, depth + 1)) for name, part in value.items()])
    if isinstance(value, type):
        own = value.__module__ == MODULE and depth < _DEEPEST
        return repr(_describe_class(value, depth + 5)) if own else _name(value)
    return _describe_code(value, depth)


def _describe_code(value: Any, depth: int) -> str:
    if isinstance(value, types.FunctionType):
        defaults = _describe((value.__defaults__, value.__kwdefaults__), depth + 1)
        return defaults + _describe(value.__code__, depth + 1)
    if isinstance(value, types.CodeType):
        parts = (value.co_code, value.co_names, value.co_varnames, value.co_flags)
        return repr(parts) + _describe(value.co_consts, depth + 1)
    if isinstance(value, property):
        return _describe((value.fget, value.fset, value.fdel), depth + 1)
    # Descriptors such as static methods, cached properties and caches stand around a function.
    inner = [getattr(value, name, None) for name in ("__func__", "func", "__wrapped__")]
    functions = [one for one in inner if isinstance(one, types.FunctionType)]
    return _name(type(value)) + repr([_describe(one, depth + 1) for one in functions])


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
