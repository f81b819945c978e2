"""Reads out of a code object what it takes from outside, whatever its source looks like."""

from __future__ import annotations

import inspect
import opcode
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.records import dataclass

Chain = tuple[str, ...]

_EXTENDED = opcode.opmap["EXTENDED_ARG"]
_GLOBAL = opcode.opmap["LOAD_GLOBAL"]
_NAME = opcode.opmap["LOAD_NAME"]
_STORE_NAME = opcode.opmap["STORE_NAME"]
_DICT_OR_GLOBALS = opcode.opmap.get("LOAD_FROM_DICT_OR_GLOBALS", -1)
_ATTR = opcode.opmap["LOAD_ATTR"]
# Before 3.12 a method had an instruction of its own; since then the lowest bit of LOAD_ATTR tells.
_METHOD = opcode.opmap["LOAD_METHOD"] if sys.version_info < (3, 12) else -1
_IMPORT = opcode.opmap["IMPORT_NAME"]
_CONST = opcode.opmap["LOAD_CONST"]
_ATTR_SHIFT = 0 if _METHOD >= 0 else 1
_READING = re.compile(
    b"[%b]" % re.escape(bytes({_GLOBAL, _NAME, _IMPORT, _DICT_OR_GLOBALS} - {-1}))
)

# How libraries look up variables of their caller: `frame.query("day > @since")` of pandas, and the
# tables of a query that DuckDB or Polars runs.
_IN_EXPRESSION = re.compile(r"(?<![\w.@])@([A-Za-z_]\w*)")
_QUERY = re.compile(r"\s*(?:with|select|from|summarize|describe|pivot)\b", re.I)
_IN_QUERY = re.compile(r"\b(?:from|join|summarize|describe|pivot)\s+\"?([A-Za-z_]\w*)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What a code object and those nested in it read from outside.

    `names` holds each global name with the attribute chains that were taken from it at once
    (`np.random.normal` is `random, normal`; the empty chain is the object itself). `soft` names
    count only where they are bound. `imports` are the modules imported inside, with their level, and
    what is taken from them, as `module:name`.
    """

    names: tuple[tuple[str, tuple[Chain, ...]], ...] = ()
    soft: frozenset[str] = frozenset()
    imports: tuple[tuple[int, str], ...] = ()
    in_texts: frozenset[str] = frozenset()


def reads_of(code: CodeType) -> Reads:
    """The global names, chains and imports of a code object, nested code included.

    Example:
        >>> reads_of((lambda: len(names)).__code__).names
        (('len', ((),)), ('names', ((),)))
    """
    hard: dict[str, set[Chain]] = {}
    soft: dict[str, set[Chain]] = {}
    imports: set[tuple[int, str]] = set()
    in_texts: set[str] = set()
    for inner in nested_codes(code):
        _scan(inner, hard, soft, imports)
        if named := {*_named_in_texts(inner.co_consts)}:
            own = {*inner.co_varnames, *inner.co_cellvars, *inner.co_freevars}
            in_texts |= named - own
    names = {name: hard.get(name, set()) | soft.get(name, set()) for name in hard | soft}
    return Reads(
        names=tuple([_one((name, tuple(sorted(names[name])))) for name in sorted(names)]),
        soft=frozenset(soft.keys() - hard.keys()),
        imports=tuple(sorted(imports)),
        in_texts=frozenset(in_texts - hard.keys()),
    )


@lru_cache(maxsize=1 << 14)
def _one(read: tuple[str, tuple[Chain, ...]]) -> tuple[str, tuple[Chain, ...]]:
    """The read itself, one object for all that read a name in the same way: they are looked up often."""
    return read


def _named_in_texts(constants: tuple[object, ...]) -> Iterator[str]:
    """The names of variables that the texts among the constants ask for.

    >>> sorted(_named_in_texts(("day > @since", "from orders join users", "a@example.org")))
    ['orders', 'since', 'users']
    """
    for const in constants:
        if isinstance(const, tuple):
            yield from _named_in_texts(const)
        elif isinstance(const, str):
            yield from _IN_EXPRESSION.findall(const) if "@" in const else ()
            yield from _IN_QUERY.findall(const) if _QUERY.match(const) else ()


def nested_codes(code: CodeType) -> list[CodeType]:
    """The code object and all those within it."""
    found = [code]
    for inner in found:  # which grows meanwhile
        found += [const for const in inner.co_consts if type(const) is CodeType]
    return found


def code_digest(code: CodeType) -> bytes:
    """What the code object does, without its positions; differs between versions of Python."""
    return xxh3_128_digest(
        b"".join(
            (
                code.co_code,
                code.co_exceptiontable,
                repr(
                    (
                        code.co_name,
                        code.co_flags,
                        code.co_argcount,
                        code.co_posonlyargcount,
                        code.co_kwonlyargcount,
                        code.co_names,
                        code.co_varnames,
                        code.co_freevars,
                        code.co_cellvars,
                    )
                ).encode("utf-8", "backslashreplace"),
                *(_constant(const, code) for const in code.co_consts),
            )
        )
    )


def _constant(const: object, code: CodeType) -> bytes:
    if isinstance(const, CodeType):
        return b"code" + code_digest(const)
    if isinstance(const, frozenset):
        return b"{%b}" % b",".join(sorted(_constant(item, code) for item in const))
    if isinstance(const, tuple):
        return b"(%b)" % b",".join(_constant(item, code) for item in const)
    if const == code.co_firstlineno and "__firstlineno__" in code.co_names:
        return b"line"  # a class body stores its own position since 3.13
    return f"{type(const).__name__}:{const!r};".encode("utf-8", "backslashreplace")


def _scan(
    code: CodeType,
    hard: dict[str, set[Chain]],
    soft: dict[str, set[Chain]],
    imports: set[tuple[int, str]],
) -> None:
    raw, names = code.co_code, code.co_names
    ops, args = raw[::2], raw[1::2]
    # Of a function it is told when it is compiled which names are its own; a class body asks anew.
    own = () if code.co_flags & inspect.CO_OPTIMIZED else _stored(names, ops, args)
    for found in _READING.finditer(ops):
        at = found.start()
        argument = _argument(ops, args, at)
        op = ops[at]
        if op == _GLOBAL:
            hard.setdefault(names[argument >> 1], set()).add(_chain(names, ops, args, at + 1))
        elif op == _NAME:
            name = names[argument]
            special = name.startswith("__") and name.endswith("__")
            which = soft if special or name in own else hard
            which.setdefault(name, set()).add(_chain(names, ops, args, at + 1))
        elif op == _IMPORT:
            # What the compiler of cells adds to a body imports modules of dagbook's own.
            if not names[argument].startswith("dagbook."):
                level, taken = _how_imported(code, ops, args, at)
                imports.add((level, names[argument]))
                imports.update((level, f"{names[argument]}:{one}") for one in taken)
        else:
            hard.setdefault(names[argument], set()).add(())


def _stored(names: tuple[str, ...], ops: bytes, args: bytes) -> set[str]:
    """The names that a class body binds, which may be its own where it reads them."""
    return {names[_argument(ops, args, at)] for at, op in enumerate(ops) if op == _STORE_NAME}


def _argument(ops: bytes, args: bytes, at: int) -> int:
    value, shift = args[at], 8
    while at > 0 and ops[at - 1] == _EXTENDED:
        at -= 1
        value |= args[at] << shift
        shift += 8
    return value


def _chain(names: tuple[str, ...], ops: bytes, args: bytes, at: int) -> Chain:
    """The attributes that are taken from the value at once, in order."""
    chain: list[str] = []
    while at < len(ops):
        op = ops[at]
        if op in (_ATTR, _METHOD):
            shift = _ATTR_SHIFT if op == _ATTR else 0
            chain.append(names[_argument(ops, args, at) >> shift])
        elif op not in (0, _EXTENDED):  # 0 is the inline cache of the instruction before
            break
        at += 1
    return tuple(chain)


def _how_imported(code: CodeType, ops: bytes, args: bytes, at: int) -> tuple[int, tuple[str, ...]]:
    """How many dots an import has, and the names that are taken: the two constants before it."""
    found: list[Any] = []
    for _ in range(2):
        while at > 0 and ops[at - 1] == _EXTENDED:
            at -= 1
        at -= 1
        if at < 0 or ops[at] != _CONST:
            return 0, ()
        found.append(code.co_consts[_argument(ops, args, at)])
    taken, level = found
    return level if type(level) is int else 0, taken if type(taken) is tuple else ()
