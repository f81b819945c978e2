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
    from dagbook.versions import modules, origin, patched, source, told, touched
else:
    modules = later("dagbook.versions.modules")
    origin = later("dagbook.versions.origin")
    patched = later("dagbook.versions.patched")
    source = later("dagbook.versions.source")
    told = later("dagbook.versions.told")
    touched = later("dagbook.versions.touched")

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
_IMPORTS = re.compile(r"^\s*(?:import|from)\s+\w", re.MULTILINE)
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

# What the user's modules held before the cell that runs now, where it may change that.
_held: list[touched.Held] = []
# The user's modules that cells have imported, as each was loaded when it was read.
_read: dict[str, object] = {}


def note_put(
    text: str, transform: Callable[[str], str], namespace: Mapping[str, Any], *, done: bool
) -> None:
    """Have what a cell puts into modules looked at from now on; asked before it runs, and after.

    `done`: it has run.
    """
    calls = done and (bool(_held) or _MAY_CALL.search(text) is not None)
    if done and _held:
        touched.note_changes(_held.pop())
    elif not done:
        leads = origin.leads_to_own(read_cell(text).words, namespace)
        _held[:] = [touched.held_by_own()] if leads else []
    if done and _read:
        _note_modules(_read)
    imports = done and _IMPORTS.search(text) is not None
    if not (calls or imports or _MAY.search(text)):
        return
    try:
        tree = ast.parse(transform(without_command(text)))
    except Exception:  # no Python, or an object that IPython looked at has raised
        return
    if imports:
        _note_modules(modules.imports_of(tree))
    for chain in {*put_by(tree)}:
        value = namespace.get(chain[0])
        patched.note_put(value, chain, done=done)
        for module, name in _modules_of(value):
            patched.note_put(module, (module.__name__, name), done=True)
    if done and read_cell(text) is not NO_TEXT:
        _note_calls(tree.body, namespace)


def _note_calls(statements: Iterable[ast.AST], namespace: Mapping[str, Any]) -> None:
    for call in calls_of(statements):
        of = tuple([ast.unparse(one) for one in (*call.args, *call.keywords)])
        told.note_call(_called(call.func, namespace), of, tuple(_given(call, namespace)))


def _note_modules(names: Iterable[str]) -> None:
    """What the user's modules put and tell when they are imported counts as if cells did."""
    files, todo = source.Files(), [*names]
    for name in todo:  # which grows meanwhile
        module = sys.modules.get(name)
        spec = module.__spec__ if module is not None else None
        if module is None or _read.get(name) is spec or not origin.is_own_module(name):
            continue
        _read[name] = spec
        text = files.text(origin.file_of(module) or "")
        if text is not None and text.tree is not None:
            todo += modules.imports_of(text.tree, name, text.where)
            statements = [one for one in text.tree.body if not _is_for_scripts(one)]
            for chain in {chain for one in statements for chain in put_by(one)}:
                patched.note_put(vars(module).get(chain[0]), chain, done=True)
            _note_calls(statements, vars(module))


def _is_for_scripts(statement: ast.stmt) -> bool:
    """Whether it does nothing when its module is imported: a definition, `if __name__ == …`."""
    is_asked = isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test)
    return is_asked or isinstance(statement, _LATER)


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
