"""Functions of a plain module that read assets by their names: with the values in place of definitions."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any


def reading(function: Callable[..., Any], /, **assets: Any) -> Callable[..., Any]:
    """A copy of a module's function for which these names are these values.

    So they are for the functions of the module that it calls. What is no function of Python's own,
    a class for instance, stays as it is.

    >>> from types import FunctionType
    >>> space = {}
    >>> exec("def rate(): return rates['eur']\\ndef price(n): return n * rate()", space)
    >>> reading(space["price"], rates={"eur": 2})(3)
    6
    """
    if not isinstance(function, FunctionType):
        return function
    outer = function.__globals__
    space = {**outer, **assets}
    for name, value in outer.items():
        if isinstance(value, FunctionType) and value.__globals__ is outer and name not in assets:
            space[name] = _within(value, space)
    return _within(function, space)


def _within(function: FunctionType, space: dict[str, Any]) -> FunctionType:
    copy = FunctionType(
        function.__code__, space, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy
