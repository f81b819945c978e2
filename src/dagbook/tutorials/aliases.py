"""Imports one module in place of another: its imports and its name change, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

from dagbook.errors.render import BadAlias
from dagbook.records import dataclass
from dagbook.tutorials.python_text import parsed

Alias = tuple[str, str]


def parse_alias(text: str) -> Alias:
    """Read `OLD=NEW`; raises BadAlias.

    >>> parse_alias("dagster=dagbook")
    ('dagster', 'dagbook')
    """
    old, sign, new = text.partition("=")
    if not (sign and _is_module(old) and _is_module(new)):
        raise BadAlias(text=text)
    return old, new


def public_names(aliases: Iterable[Alias]) -> dict[str, frozenset[str]]:
    """The names that modules which stand in list as theirs; those that can't be had are left out.

    >>> "asset" in public_names([("dagster", "dagbook")])["dagbook"]
    True
    """
    found = {}
    for _old, new in aliases:
        try:
            listed = getattr(import_module(new), "__all__", None)
        except ImportError:
            continue
        if listed is not None:
            found[new] = frozenset(listed)
    return found


def _is_module(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def renamed(module: str, aliases: Iterable[Alias]) -> str:
    """The module that stands in for one: also for the packages that extend it.

    >>> renamed("dagster_duckdb", [("dagster", "dagbook")])
    'dagbook'
    >>> renamed("dagster.io", [("dagster", "dagbook")])
    'dagbook.io'
    """
    for old, new in aliases:
        if module == old or module.startswith(f"{old}."):
            return new + module[len(old) :]
        if module.startswith(f"{old}_"):
            return new
    return module


@dataclass(frozen=True, slots=True)
class _Edit:
    """What stands instead of a word of a line, which begins at this byte."""

    line: int
    start: int
    old: str
    new: str


def with_aliases(texts: Sequence[str], aliases: Sequence[Alias]) -> list[str]:
    """The cells with other imports; a name counts in the cells after the one that imports it."""
    if not aliases:
        return list(texts)
    bound: set[str] = set()
    done = []
    for text in texts:
        tree = parsed(text)
        if tree is None:
            done.append(text)
            continue
        bound |= set(_bound_modules(tree, aliases))
        done.append(_edited(text, _edits(tree, text, aliases, bound)))
    return done


def _bound_modules(tree: ast.Module, aliases: Sequence[Alias]) -> Iterator[str]:
    """Names that plain imports bind to a module that is replaced."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                first = each.name.partition(".")[0]
                if each.asname is None and renamed(first, aliases) != first:
                    yield first


def _edits(
    tree: ast.Module, text: str, aliases: Sequence[Alias], bound: set[str]
) -> Iterator[_Edit]:
    lines = [line.encode() for line in text.split("\n")]
    rebound = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not _reads(node)
    } | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                for each in node.names:
                    yield from _renaming(each, each.name, aliases)
            case ast.ImportFrom(module=str(module), level=0) if renamed(module, aliases) != module:
                start = lines[node.lineno - 1].find(module.encode(), node.col_offset + 4)
                if start >= 0:
                    yield _Edit(node.lineno, start, module, renamed(module, aliases))
            case ast.Name(id=name) if name in bound - rebound and _reads(node):
                yield _Edit(node.lineno, node.col_offset, name, renamed(name, aliases))


def _renaming(each: ast.alias, module: str, aliases: Sequence[Alias]) -> Iterator[_Edit]:
    new = renamed(module, aliases)
    if new != module:
        yield _Edit(each.lineno, each.col_offset, module, new)


def _reads(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _edited(text: str, edits: Iterable[_Edit]) -> str:
    """Positions of trees count bytes, so that lines are edited as such."""
    lines = [line.encode() for line in text.split("\n")]
    for edit in sorted(edits, key=lambda each: (each.line, each.start), reverse=True):
        line, old = lines[edit.line - 1], edit.old.encode()
        # Within f-strings, Python before 3.12 tells positions that are not those of the line.
        if line.startswith(old, edit.start):
            rest = line[edit.start + len(old) :]
            lines[edit.line - 1] = line[: edit.start] + edit.new.encode() + rest
    return b"\n".join(lines).decode()
