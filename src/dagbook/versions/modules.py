"""Reads what a module is: its file, what it imports, and where the loaded one differs."""

from __future__ import annotations

import ast
import sys
from abc import ABCMeta
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from functools import lru_cache
from importlib.machinery import PathFinder
from itertools import islice
from types import FunctionType, ModuleType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.records import dataclass
from dagbook.versions.canonical import canonical
from dagbook.versions.content import Writer, is_filled, state, text_bytes
from dagbook.versions.names import MISSING
from dagbook.versions.origin import OURS, file_of, home_of_class, home_of_file, home_of_module
from dagbook.versions.outdated import outdated
from dagbook.versions.parts import Node, Note, PartKind
from dagbook.versions.patched import put_into_module
from dagbook.versions.source import Files, Trust, find_source
from dagbook.versions.web import SCALARS, Web, in_order

_MOST_LOOKED_AT = 1000
_ITEMS: tuple[tuple[type, Callable[[Any], Iterable[object]]], ...] = (
    (dict, dict.values),
    *((kind, kind.__iter__) for kind in (list, tuple, set, frozenset, deque)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleFacts:
    """A module as a whole.

    `attributes` are the values that must be looked at apart from the file: all of them where
    there is no file, else those that no longer are what the file says. `imports` are the names
    of the user's own modules that the file imports. `changed` says that the code that is loaded
    is not that of the file.
    """

    kind: PartKind
    digest: bytes
    place: str = ""
    text: str = ""
    tree: ast.AST | None = None
    changed: bool = False
    attributes: dict[str, Any] = field(default_factory=dict)
    imports: tuple[str, ...] = ()


def module_facts(name: str, files: Files, module: ModuleType | None = None) -> ModuleFacts:
    """What a module is, whether it is loaded or not; it is never imported for that.

    Args:
        name: its full name.
        files: the files as they are now.
        module: the module, where it is at hand.
    """
    if name.partition(".")[0] == OURS:
        return _installed(name)
    module = module or sys.modules.get(name)
    file = file_of(module) if module is not None else _located(name)
    if module is not None and home_of_module(name) != "own":
        return _installed(name)
    if module is None and (file is None or home_of_file(file) != "own"):
        root = name.partition(".")[0]
        known = file is not None or root in sys.stdlib_module_names or root in sys.modules
        return _installed(name) if known else _missing(name)
    text = files.text(file) if file is not None else None
    if text is None or text.tree is None:
        return _without_file(name, module)
    changed, attributes = _differences(module, file or "", text.tree, files)
    return ModuleFacts(
        kind="body",
        digest=xxh3_128_digest(b"module" + canonical(text.tree)),
        place=file or "",
        tree=text.tree,
        changed=changed,
        attributes=attributes,
        imports=tuple(sorted(set(_own_imports(text.tree, name, file or "")))),
    )


def follow_module(web: Web, node: Node, module: ModuleType, label: str) -> None:
    """A module that is used as a whole."""
    _follow(web, node, module.__name__, module_facts(module.__name__, web.files, module))


def follow_import(web: Web, node: Node, name: str) -> None:
    """A module that a body imports, which may not be loaded yet."""
    _follow(web, node, name, module_facts(name, web.files))


def _follow(web: Web, node: Node, name: str, facts: ModuleFacts) -> None:
    if name == "__main__":
        # Whoever has the notebook as a module may read all that is in it.
        reason = "`__main__` as a whole may be read by any name"
        node.kind, node.own, node.text = "untracked", b"untracked", reason
        node.mark = Note("untracked", reason)
        return
    node.kind, node.own, node.place = facts.kind, facts.digest, facts.place
    node.text = facts.tree if facts.tree is not None else facts.text
    node.module = name.partition(".")[0] if facts.kind == "package" else name
    if facts.changed:
        node.mark = Note("stale module", name)
    elif facts.kind == "package":
        node.mark = web.reader(name)
    edges = [(f".{key}", web.node(value, key)) for key, value in facts.attributes.items()]
    edges += [(f".{key}", web.node(value, key)) for key, value in put_into_module(name)]
    if facts.kind == "package":
        edges += web.around(node.module)
    elif web.changed:
        edges += [
            edge for one in web.changed if one.shown != "values" for edge in web.settings(one.shown)
        ]
    edges += [(f".import {other}", web.module(other, follow_import)) for other in facts.imports]
    node.edges = in_order(edges)


def _installed(name: str) -> ModuleFacts:
    digest = xxh3_128_digest(b"package" + text_bytes(name))
    return ModuleFacts(kind="package", digest=digest, text=name)


def _missing(name: str) -> ModuleFacts:
    digest = xxh3_128_digest(b"no module" + text_bytes(name))
    return ModuleFacts(kind="missing", digest=digest, text=f"no module `{name}`")


def _without_file(name: str, module: ModuleType | None) -> ModuleFacts:
    held = vars(module) if module is not None else {}
    attributes = {key: value for key, value in held.items() if not key.startswith("__")}
    return ModuleFacts(
        kind="body",
        digest=xxh3_128_digest(b"module" + text_bytes(name)),
        text=f"module {name}",
        attributes=attributes,
    )


def _differences(
    module: ModuleType | None, file: str, tree: ast.Module, files: Files
) -> tuple[bool, dict[str, Any]]:
    """Is other code loaded than the file holds, and which constants were set since?"""
    if module is None:
        return False, {}
    held = vars(module)
    loader = held.get("__loader__")
    functions = (value for value in list(held.values()) if type(value) is FunctionType)
    changed = any(
        find_source(function.__code__, files, loader).trust is Trust.CHANGED
        for function in functions
        if function.__code__.co_filename == file
    )
    plain = Writer()
    # What functions make when it is asked for, such as a connection, is left to those who name it.
    lazy, bound = bound_by_functions(tree), times_bound(tree)
    differing = {
        name: held[name]
        for name, literal in _literals(tree)
        if name in held and (name not in lazy or type(held[name]) in SCALARS)
        if _differs(plain, held[name], literal)
    }
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            kind = held.get(statement.name)
            # Another metaclass may make of a constant what it likes.
            if type(kind) in (type, ABCMeta) and _is_set_otherwise(plain, kind, statement):
                differing[statement.name] = kind
        elif isinstance(statement, ast.FunctionDef) and statement.name not in lazy:
            name = statement.name
            if (
                name in held
                and bound[name] == 1
                and _is_made_otherwise(plain, held[name], statement)
            ):
                differing[name] = held[name]
    for name, value in held.items():
        if not name.startswith("__") and _holds_of_notebook(value):
            differing[name] = value
    return changed or bool(outdated(held, files)), differing


def _is_set_otherwise(plain: Writer, kind: Any, statement: ast.ClassDef) -> bool:
    """Whether a class has another plain constant by now than its statement gives it."""
    held = vars(kind)
    return any(
        name in held and type(held[name]) in SCALARS and _differs(plain, held[name], literal)
        for name, literal in _literals(statement)
    )


def _is_made_otherwise(plain: Writer, value: Any, statement: ast.FunctionDef) -> bool:
    """Whether there is another function by now than a plain statement makes, or other defaults."""
    if statement.decorator_list:
        return False
    if type(value) is not FunctionType or value.__code__.co_qualname != statement.name:
        return True
    arguments, given = statement.args, value.__defaults__ or ()
    named = value.__kwdefaults__ or {}
    if len(given) != len(arguments.defaults):
        return True
    asked = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    pairs = [*zip(given, arguments.defaults, strict=True)]
    pairs += [(named.get(one.arg, MISSING), default) for one, default in asked if default]
    return any(
        type(literal) in (*SCALARS, tuple) and _differs(plain, held, literal)
        for held, literal in [(held, _literal(default)) for held, default in pairs]
    )


def _holds_of_notebook(value: Any) -> bool:
    """Whether the notebook has put code of its own into this, such as into a registry."""
    waiting, met = [value], {id(value)}
    for one in waiting:
        named = one if issubclass(type(one), (FunctionType, type)) else type(one)
        if named.__module__ == "__main__":
            return True
        parts = [*islice(_parts(one), _MOST_LOOKED_AT - len(waiting))]
        waiting += [part for part in parts if id(part) not in met]
        met.update(map(id, parts))
    return False


def _parts(value: Any) -> Iterable[object]:
    """By what registries hold what they are given, without calling any code of theirs."""
    kind = type(value)
    if kind is FunctionType:
        return [cell.cell_contents for cell in value.__closure__ or () if is_filled(cell)]
    for base, items in _ITEMS:
        if issubclass(kind, base):
            return items(value)
    if issubclass(kind, type):
        return vars(value).values() if home_of_class(value) == "own" else ()
    own = home_of_class(kind) == "own" and not issubclass(kind, ModuleType)
    return state(value).values() if own else ()


def _differs(plain: Writer, value: Any, literal: Any) -> bool:
    return type(value) is not type(literal) or plain.write(value) != plain.write(literal)


@lru_cache(maxsize=256)
def _literals(tree: ast.Module | ast.ClassDef) -> tuple[tuple[str, Any], ...]:
    """The names that a file, or a class, binds once at its top, and to a literal."""
    found = []
    bound = times_bound(tree)
    for statement in tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(name)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value)
            ) if bound[name] == 1:
                literal = _literal(value)
                if literal is not MISSING:
                    found.append((name, literal))
    return tuple(found)


def _literal(expression: ast.expr) -> Any:
    try:
        return ast.literal_eval(expression)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return MISSING


@lru_cache(maxsize=256)
def times_bound(tree: ast.AST) -> Counter[str]:
    """How often each name is bound there, not counting what functions and classes bind inside."""
    return Counter(_bound(tree))


def _bound(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif not isinstance(node, ast.Lambda):
            yield from _bound(node)


@lru_cache(maxsize=256)
def bound_by_functions(tree: ast.Module) -> frozenset[str]:
    """The names of a module that its functions bind anew."""
    stated = (node.names for node in ast.walk(tree) if isinstance(node, ast.Global))
    return frozenset(name for names in stated for name in names)


def _own_imports(tree: ast.AST, name: str, file: str) -> Iterator[str]:
    """The user's own modules that a file imports, at its top or in its functions."""
    return (other for other in imports_of(tree, name, file) if is_own_import(other))


def imports_of(tree: ast.AST, name: str = "", file: str = "") -> Iterator[str]:
    """All that may be modules of what the code of a module imports; of a cell without a name."""
    is_package = file.endswith("__init__.py")
    package = name if is_package else name.rpartition(".")[0]
    for node in ast.walk(tree):
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, package)
            found = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        yield from (other for other in found if other != name)


def _base(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parent = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
    return ".".join(part for part in (parent, node.module) if part)


def is_own_import(name: str) -> bool:
    """Whether a module of the user's own, with a file, is or would be imported under a name."""
    module = sys.modules.get(name)
    file = file_of(module) if module is not None else _located(name)
    return file is not None and home_of_file(file) == "own" and home_of_module(name) == "own"


def _located(name: str) -> str | None:
    """The file that would be imported under a name; parents are not imported for that."""
    path: list[str] | None = None
    spec = None
    parts = name.split(".")
    for at in range(len(parts)):
        try:
            spec = PathFinder.find_spec(".".join(parts[: at + 1]), path)
        except (ImportError, ValueError, OSError):
            return None
        if spec is None:
            return None
        path = list(spec.submodule_search_locations or [])
    return spec.origin if spec is not None else None
