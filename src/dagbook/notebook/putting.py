"""Finds what a cell puts into modules, and what it tells them by calls."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from dagbook.later import later
from dagbook.notebook.cell_text import NO_TEXT, read_cell, without_command

if TYPE_CHECKING:
    from dagbook.versions import origin, patched, told
else:
    origin = later("dagbook.versions.origin")
    patched = later("dagbook.versions.patched")
    told = later("dagbook.versions.told")

_CHANGING = frozenset({"add", "append", "clear", "extend", "insert", "pop", "remove", "update"})
# Most cells have nothing of it, and need not be parsed.
_MAY = re.compile(
    r"\w\.\w+(?:\[[^\n]*\])*\s*(?::[^=\n]*)?[-+*/%|&^@<>]*=(?!=)|\bsetattr\("
    rf"|\w\.\w+\.(?:{'|'.join(sorted(_CHANGING))})\("
)
# So are what tells a package something by a call, or calls a function that may.
_MAY_CALL = re.compile(
    r"\b(?:seed|manual_seed|(?:re)?set[_a-z]\w+|\w*register\w*|add_\w+|field_size_limit"
    r"|filterwarnings|simplefilter|pickle|create_function|remove_function|umask|init|configure"
    r"|(?:un)?install\w*|(?:en|dis)able\w*|(?:de)?activate\w*|\w*textdomain)\("
    r"|^[^\W\d]\w*\(",
    re.MULTILINE,
)
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def note_put(
    text: str, transform: Callable[[str], str], namespace: Mapping[str, Any], *, done: bool
) -> None:
    """Have what a cell puts into modules looked at from now on; asked before it runs, and after.

    `done`: it has run.
    """
    if _MAY.search(text) is None and not (done and _MAY_CALL.search(text)):
        return
    try:
        tree = ast.parse(transform(without_command(text)))
    except Exception:  # no Python, or an object that IPython looked at has raised
        return
    for chain in {*put_by(tree)}:
        value = namespace.get(chain[0])
        patched.note_put(value, chain, done=done)
        for module, name in _modules_of(value):
            patched.note_put(module, (module.__name__, name), done=True)
    if done and read_cell(text) is not NO_TEXT:
        for call in calls_of(tree.body):
            of = tuple([ast.unparse(one) for one in (*call.args, *call.keywords)])
            told.note_call(_called(call.func, namespace), of, tuple(_given(call, namespace)))


def _modules_of(value: Any) -> Iterator[tuple[ModuleType, str]]:
    """The user's own modules that hold this very object, such as settings, each with its name there."""
    kind = value if isinstance(value, type) else type(value)
    if kind.__module__ == "__main__" or origin.home_of_class(kind) != "own":
        return
    for name, module in [*sys.modules.items()]:
        if origin.is_own_module(name) and name != "__main__":
            yield from ((module, label) for label, held in [*vars(module).items()] if held is value)


def put_by(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """The attributes that code assigns or changes in place, as they are written.

    >>> sorted(put_by(ast.parse("a.b.C = 1; a.d['x'] = 2; setattr(a, 'e', 3); a.f.append(4)")))
    [('a', 'b', 'C'), ('a', 'd'), ('a', 'e'), ('a', 'f')]
    """
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ctx=ast.Store()):
                yield from _chain(node)
            case ast.Subscript(value=ast.Attribute() as held, ctx=ast.Store()):
                yield from _chain(held)
            case ast.Call(func=ast.Attribute(value=ast.Attribute() as held, attr=how)) if (
                how in _CHANGING
            ):
                yield from _chain(held)
            case ast.Call(
                func=ast.Name(id="setattr"), args=[owner, ast.Constant(value=str(name)), _]
            ):
                yield from ((*chain, name) for chain in _chain(owner))


def calls_of(todo: Iterable[ast.AST]) -> Iterator[ast.Call]:
    """The calls that a cell makes when it runs, not those in functions, or for warnings caught.

    >>> [ast.unparse(one) for one in calls_of(ast.parse("seed(1); f = lambda: seed(2)").body)]
    ['seed(1)']
    """
    for node in todo:
        if isinstance(node, ast.Call):
            yield node
        apart = isinstance(node, _LATER) or (
            isinstance(node, ast.With) and "catch_warnings" in ast.unparse(node.items[0])
        )
        if not apart:
            yield from calls_of(ast.iter_child_nodes(node))


def _called(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    """What is called, where it is an attribute of a module or a class, or a name."""
    if isinstance(node, ast.Name):
        return namespace.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner = _called(node.value, namespace)
    # Asking others may run the user's code.
    asked = issubclass(type(owner), (ModuleType, type)) or node.attr in ("register", "unregister")
    return getattr(owner, node.attr, None) if asked else None


def _given(call: ast.Call, namespace: Mapping[str, Any]) -> Iterator[Any]:
    """The arguments of a call: values of literals and names, else the text and the names in it."""
    for node in (*call.args, *[one.value for one in call.keywords]):
        try:
            yield ast.literal_eval(node)
            continue
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            if not isinstance(node, ast.Name):
                yield ast.unparse(node)
        names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
        held = [namespace[name] for name in names if name in namespace]
        yield from (value for value in held if not issubclass(type(value), ModuleType))
    yield from [one.arg for one in call.keywords]


def _chain(node: ast.expr) -> Iterator[tuple[str, ...]]:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        yield (node.id, *reversed(names))
