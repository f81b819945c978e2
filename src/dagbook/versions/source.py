"""Finds the syntax tree that a loaded code object was compiled from."""

from __future__ import annotations

import ast
import enum
import io
import linecache
import os
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from importlib.machinery import SourceFileLoader
from importlib.util import decode_source
from types import CodeType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.records import dataclass
from dagbook.versions.bytecode import code_digest, nested_codes
from dagbook.versions.canonical import canonical, parsed_again
from dagbook.versions.content import text_bytes
from dagbook.versions.parts import Standing

_INDEXES_KEPT = 256
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Trust(enum.Enum):
    """How far the source that was found speaks for the code that is loaded."""

    SURE = "the source is what was compiled"
    REWRITTEN = "an import hook rewrote the source while it was loaded"
    CHANGED = "the file has changed since it was loaded"
    ABSENT = "there is no source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The tree of a function or class, where it stands, and how far it can be trusted.

    `text` is the tree as it was written, where it takes whole lines; else it is the tree itself.
    `digest` is that of the body of a cell, whose tree is not kept.
    """

    trust: Trust
    node: ast.AST | None = None
    text: str | ast.AST = ""
    place: str | Standing = ""
    digest: bytes = b""

    def tree(self) -> ast.AST | None:
        """The tree, parsed once more where it is not kept; None where there is none."""
        if self.digest and isinstance(self.text, str):
            return parsed_again(self.text)
        return self.node


class SourceText:
    """One text of Python, parsed once and compiled at most once."""

    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where

    @cached_property
    def tree(self) -> ast.Module | None:
        """The whole text as a tree; None where it does not parse."""
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @cached_property
    def lines(self) -> list[str]:
        """The lines as Python counts them, where `str.splitlines` knows more ends of lines."""
        return list(io.StringIO(self.text, newline=None))

    @cached_property
    def functions(self) -> dict[tuple[str, int], list[ast.AST]]:
        """Functions and lambdas by name and first line, as code objects carry them."""
        found: dict[tuple[str, int], list[ast.AST]] = {}
        for node in ast.walk(self.tree) if self.tree else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.setdefault((node.name, _first_line(node)), []).append(node)
            elif isinstance(node, ast.Lambda):
                found.setdefault(("<lambda>", node.lineno), []).append(node)
        return found

    @cached_property
    def classes(self) -> dict[str, list[ast.ClassDef]]:
        """Classes by qualified name."""
        found: dict[str, list[ast.ClassDef]] = {}
        waiting: list[tuple[str, ast.AST]] = [("", self.tree)] if self.tree else []
        while waiting:
            prefix, parent = waiting.pop()
            for node in ast.iter_child_nodes(parent):
                inside = prefix
                if isinstance(node, ast.ClassDef):
                    found.setdefault(prefix + node.name, []).append(node)
                    inside = f"{prefix}{node.name}."
                elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    inside = f"{prefix}{node.name}.<locals>."
                waiting.append((inside, node))
        return found

    @cached_property
    def codes(self) -> dict[str, list[CodeType]]:
        """What the text compiles to, by qualified name."""
        found: dict[str, list[CodeType]] = {}
        try:
            whole = compile(self.text, self.where, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return found
        for code in nested_codes(whole):
            found.setdefault(code.co_qualname, []).append(code)
        return found

    def written(self, node: ast.AST) -> str | ast.AST:
        """A definition as it stands in the text; of what may share its lines, the tree."""
        if isinstance(node, _FUNCTIONS):
            return "".join(self.lines[_first_line(node) - 1 : node.end_lineno])
        return node

    def node_at(self, code: CodeType) -> ast.AST | None:
        """The node of a code object that was compiled from this very text."""
        if code.co_qualname == code.co_name:
            # Most are at the top, where no walk through the whole text is needed to find them.
            for node in self.tree.body if self.tree else ():
                named = isinstance(node, _FUNCTIONS) and node.name == code.co_name
                if named and _first_line(node) == code.co_firstlineno:
                    return node
        nodes = self.functions.get((code.co_name, code.co_firstlineno), [])
        if len(nodes) > 1:  # lambdas of one line
            spans = set(code.co_positions())
            by_place = [node for node in nodes if _span(node) in spans]
            nodes = by_place or [node for node in nodes if _compiles_to(node, code)]
        if len(nodes) > 1 and len({canonical(node) for node in nodes}) > 1:
            return None
        return nodes[0] if nodes else None

    def node_like(self, code: CodeType) -> ast.AST | None:
        """The node that compiles to what a loaded code object does, wherever it now stands."""
        wanted = code_digest(code)
        same = [
            other for other in self.codes.get(code.co_qualname, []) if code_digest(other) == wanted
        ]
        same.sort(key=lambda other: abs(other.co_firstlineno - code.co_firstlineno))
        return self.node_at(same[0]) if same else None

    def node_named(self, code: CodeType) -> ast.AST | None:
        """The node of what has the name of a loaded code object by now, and does something else."""
        named = self.codes.get(code.co_qualname, [])
        return self.node_at(named[0]) if len(named) == 1 else None


class Files:
    """Source files as they are on disk now: each is looked at once in the life of this object."""

    def __init__(self) -> None:
        self._seen: dict[str, SourceText | None] = {}

    def text(self, filename: str) -> SourceText | None:
        """The text of a file; None where there is none."""
        try:
            return self._seen[filename]
        except KeyError:
            found = self._seen[filename] = _on_disk(filename)
            return found


_remembered: dict[int, tuple[weakref.ref[CodeType], Source]] = {}
_interactive: dict[str, tuple[list[str], SourceText]] = {}
_disk: dict[str, tuple[tuple[int, int, int], SourceText]] = {}
_by_hash: OrderedDict[bytes, SourceText] = OrderedDict()


def remember_source(
    code: CodeType, form: Callable[[], bytes], text: str, *, where: str = "", means: str = ""
) -> None:
    """Register what the body of a cell was compiled from, so that its code is not looked for.

    A code object is of one body for good; registered once more, it stands elsewhere.

    Args:
        code: the code object of the function that was made.
        form: gives the canonical form of the body.
        text: the text that it was parsed from.
        where: how to name the place to the user; the code's file name without it.
        means: what the tree alone does not say, such as which local is the value of a cell.
    """
    place = f"{where or code.co_filename}, line {code.co_firstlineno}"
    key = id(code)
    known = _remembered.get(key)
    if known is not None and known[0]() is code and isinstance(known[1].place, Standing):
        known[1].place.place = place
        return
    source = Source(
        trust=Trust.SURE, text=text, place=Standing(place), digest=digest_of(form(), means)
    )
    _remembered[key] = (weakref.ref(code, lambda _: _remembered.pop(key, None)), source)


def digest_of(form: bytes, means: str = "") -> bytes:
    """The digest of code by its canonical form, and by what that alone does not say."""
    return xxh3_128_digest(form + text_bytes(means))


def find_source(code: CodeType, files: Files, loader: object = None) -> Source:
    """The source of a loaded code object.

    Args:
        code: the code object of a function or a lambda.
        files: the files as they are now.
        loader: what loaded the module; anything but Python's own loader may have rewritten it.

    Returns:
        The node with its place; its trust says whether it speaks for the code.
    """
    known = _remembered.get(id(code))
    if known is not None and known[0]() is code:
        return known[1]
    typed = _typed(code.co_filename)
    if typed is not None:
        node = typed.node_at(code)
        return _found(Trust.SURE if node else Trust.ABSENT, node, typed)
    text = files.text(code.co_filename)
    if text is None:
        return Source(trust=Trust.ABSENT)
    if loader is not None and type(loader) is not SourceFileLoader:
        return _found(Trust.REWRITTEN, text.node_at(code), text)
    node = text.node_like(code)
    if node is not None:
        return _found(Trust.SURE, node, text)
    # What stands there now tells people what changed, and nothing of what is loaded.
    return replace(_found(Trust.CHANGED, text.node_named(code), text), node=None)


def depends_on_disk(code: CodeType) -> bool:
    """Must the source of this code be looked for again when its file changes?"""
    known = _remembered.get(id(code))
    if known is not None and known[0]() is code:
        return False
    return _typed(code.co_filename) is None


def find_class(kind: type, files: Files, filename: str, line: int | None) -> Source:
    """The source of a class in a file or cell; `line` is that of one of its methods."""
    text = _typed(filename) or files.text(filename)
    nodes = text.classes.get(kind.__qualname__, []) if text else []
    if line is not None:
        nodes = [node for node in nodes if node.lineno <= line <= (node.end_lineno or 0)]
    if text is None or len(nodes) != 1:
        return Source(trust=Trust.ABSENT)
    return _found(Trust.SURE, nodes[0], text)


def _found(trust: Trust, node: ast.AST | None, text: SourceText) -> Source:
    if node is None:
        return Source(trust=trust, place=text.where)
    place = f"{text.where}, line {node.lineno}"  # type: ignore[attr-defined]
    return Source(trust=trust, node=node, text=text.written(node), place=place)


def _typed(filename: str) -> SourceText | None:
    """The text of a cell: a shell keeps it in linecache, without the time of a file."""
    entry = linecache.cache.get(filename)
    if entry is None or len(entry) != 4 or entry[1] is not None:
        return None
    lines = entry[2]
    known = _interactive.get(filename)
    if known is None or (known[0] is not lines and known[0] != lines):
        known = _interactive[filename] = (lines, SourceText("".join(lines), filename))
    return known[1]


def _on_disk(filename: str) -> SourceText | None:
    if filename.startswith("<"):
        return None
    try:
        stat = os.stat(filename)
        mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        known = _disk.get(filename)
        if known is not None and known[0] == mark:
            return known[1]
        with open(filename, "rb") as file:
            raw = file.read()
    except OSError:
        return None
    text = _by_content(raw, filename)
    if text is not None:
        _disk[filename] = (mark, text)
    return text


def _by_content(raw: bytes, filename: str) -> SourceText | None:
    """The parsed text of these bytes, known by their hash."""
    key = xxh3_128_digest(raw + filename.encode("utf-8", "surrogatepass"))
    known = _by_hash.get(key)
    if known is None:
        try:
            known = SourceText(decode_source(raw), filename)
        except (SyntaxError, UnicodeDecodeError, LookupError):
            return None
        _by_hash[key] = known
        if len(_by_hash) > _INDEXES_KEPT:
            _by_hash.popitem(last=False)
    _by_hash.move_to_end(key)
    return known


def _compiles_to(node: ast.AST, code: CodeType) -> bool:
    """Does a lambda, taken alone, do what this code does? (3.12 keeps no place of a constant.)"""
    if not isinstance(node, ast.Lambda):
        return False
    whole = compile(ast.Expression(body=node), code.co_filename, "eval", dont_inherit=True)
    inner = (const for const in whole.co_consts if isinstance(const, CodeType))
    return any(code_digest(alone) == code_digest(code) for alone in inner)


def _first_line(node: Any) -> int:
    first: int = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return first


def _span(node: ast.AST) -> tuple[int | None, int | None, int | None, int | None]:
    """Where the body of a lambda stands, as its code object records it."""
    inner = node.body if isinstance(node, ast.Lambda) else node
    return (
        inner.lineno,  # type: ignore[attr-defined]
        inner.end_lineno,  # type: ignore[attr-defined]
        inner.col_offset,  # type: ignore[attr-defined]
        inner.end_col_offset,  # type: ignore[attr-defined]
    )
