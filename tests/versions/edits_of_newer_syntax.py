"""Edits of syntax that came after Python 3.11: type parameters, aliases, nested f-strings."""

from __future__ import annotations

import sys

from tests.versions.edit import Edit, differs, same


def _differ(name: str, text: str, old: str, new: str) -> Edit:
    assert old in text, name
    return differs(name, text, text.replace(old, new, 1))


_OF_3_12 = [
    _differ("alias", "type A = list[int]\ndef body(): return A.__value__", "int", "str"),
    _differ("alias of an alias", "type B = int\ntype A = list[B]\ndef body(): return A", "int", "str"),
    _differ("alias of itself", "type A = dict[int, A]\ndef body(): return A", "int", "str"),
    _differ("parameter of an alias", "type A[T: int] = list[T]\ndef body(): return A", "int", "str"),
    _differ("name in an alias", "N = 1\ntype A = type(N)\ndef body(): return A", "1", "'a'"),
    _differ("alias of the body's own", "def body():\n type A = int\n return A", "int", "str"),
    _differ("parameter of a class", "class C[T: int]: pass\ndef body(): return C", "int", "str"),
    _differ("parameter of a body", "def body[T: int](x: T): return x", "int", "str"),
    _differ(
        "parameter of a helper",
        "def f[T: int](x: T): return x\ndef body(): return f.__type_params__",
        "int",
        "str",
    ),
    _differ(
        "constant in a parameter of a helper",
        "from typing import Annotated\nU = 1\ndef f[T: Annotated[int, U]](x: T): return x\n"
        "def body(): return f.__type_params__",
        "U = 1",
        "U = 2",
    ),
    _differ("text in an f-string", "def body(x): return f'{', '.join(x)}'", ", ", "; "),
    same(
        "quotes in an f-string",
        "def body(x): return f'{x['a']}'",
        "def body(x): return f'{x[\"a\"]}'",
    ),
    same(
        "comment in an f-string",
        "def body(x): return f'{x}'",
        "def body(x): return f'{x  # why\n}'",
    ),
]  # fmt: skip
_OF_3_13 = [
    _differ("default of a parameter", "def body[T = int](x: T): return x", "int", "str"),
    _differ(
        "default of a type variable",
        "from typing import TypeVar\nT = TypeVar('T', default=int)\ndef body(): return T",
        "int",
        "str",
    ),
]


def newer_edits() -> list[Edit]:
    """Those that this Python can parse."""
    found = _OF_3_12 if sys.version_info >= (3, 12) else []
    return found + (_OF_3_13 if sys.version_info >= (3, 13) else [])
