"""Follows functions: their bodies, what they hold, and the names that they read."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.versions.bytecode import Chain, nested_codes
from dagbook.versions.content import is_plain, text_bytes
from dagbook.versions.docs import docs_read
from dagbook.versions.modules import follow_import, is_own_import
from dagbook.versions.named import named_by, named_by_code
from dagbook.versions.names import (
    MISSING,
    Bound,
    InPackage,
    Meaning,
    OfAsset,
    OpenEnded,
    Unbound,
    meanings,
)
from dagbook.versions.origin import home_of_file, home_of_module
from dagbook.versions.outdated import outdated_at
from dagbook.versions.parts import Edge, Node, Note
from dagbook.versions.redaction import salted
from dagbook.versions.settings import shown_by
from dagbook.versions.source import Trust
from dagbook.versions.static import Decorator, Static, docs_of, static_of
from dagbook.versions.web import Web, in_order

_OPEN_PATHS = {
    ("inspect", "stack"): "inspect.stack() reaches the variables of its callers",
}

_dispatcher: Any = functools.singledispatch(lambda value: None)


def follow_function(web: Web, node: Node, function: FunctionType, label: str) -> None:
    """A function that the code reaches: its name and its decorators count."""
    if home_of_file(function.__code__.co_filename) != "own":
        _follow_installed(web, node, function)
        return
    static = static_of(function, web.files)
    decorators = [one for one in static.decorators if not _declares(one, function.__globals__)]
    head = b"function" + static.digest + text_bytes(function.__name__)
    node.own = xxh3_128_digest(head + b"".join(one.digest for one in decorators))
    edges = _common(web, node, function, static)
    for decorator in decorators:
        edges += soft_edges(web, decorator.names, function.__globals__)
    # A class says no more here than what is passed; what is made of a constant is read by decorators.
    space = function.__globals__
    hints = [name for name in static.annotations if not _is_type(space.get(name, MISSING))]
    edges += soft_edges(web, hints, space)
    if any(_of_package(one, function.__globals__) for one in decorators):
        edges.append((".__doc__", Node("content", docs_of(static), text="its docstrings")))
    node.edges = in_order(edges)


def own_of(static: Static) -> bytes:
    """The digest of a body without what it reads from outside."""
    return xxh3_128_digest(b"function" + static.digest)


def follow_root(web: Web, node: Node, function: FunctionType) -> None:
    """The function that an asset runs: its name and how it is declared do not count."""
    static = static_of(function, web.files)
    if static.only_names and not (holds_values(function, function.__code__) or web.patched):
        node.own = own_of(static)
        node.text, node.place, node.module = static.source.text, static.place, function.__module__
        node.edges = named_edges(web, static.reads.names, function.__globals__)
        if web.changed:
            node.edges += _settings(web, function.__code__)
        return
    decorators = [one for one in static.decorators if not _declares(one, function.__globals__)]
    head = b"function" + static.digest
    node.own = xxh3_128_digest(head + b"".join(one.digest for one in decorators))
    node.edges = in_order(_common(web, node, function, static))


def soft_edges(web: Web, names: Iterable[str], namespace: dict[str, Any]) -> list[Edge]:
    """Edges to names that count only where they are bound."""
    names = tuple(names)
    pairs = [(name, ((),)) for name in names]
    found = _global_edges(web, pairs, frozenset(names), namespace)
    return [(label, node) for label, node in found if node.kind != "asset"]


def _common(web: Web, node: Node, function: FunctionType, static: Static) -> list[Edge]:
    """What every function of the user has: where its body is from, and what it reads."""
    node.text = static.source.text or f"function {function.__qualname__}"
    node.place = static.place
    node.module = str(function.__module__)
    node.kind = "body" if static.source.trust is Trust.SURE else "code"
    if static.source.trust is Trust.ABSENT:
        reason = f"`{function.__qualname__}` has no source; it counts by its compiled code"
        node.mark = Note("weak", reason)
    elif static.source.trust is Trust.CHANGED:
        node.mark = Note("stale module", _left_behind(web, function) or node.module)
    reads = static.reads
    edges = list(_held_by(web, function))
    if reads.soft:
        edges += _global_edges(web, reads.names, reads.soft, function.__globals__)
    else:
        edges += named_edges(web, reads.names, function.__globals__)
    if static.environment is None or static.environment:
        edges += _environment(web, static.environment)
    edges += _imports(web, reads.imports, function.__globals__)
    edges += named_by_code(web, static, function.__globals__)
    for name, reason in static.open_ended:
        mark = Note("untracked", reason)
        edges.append((name, web.once("untracked", name, mark=mark, text=reason)))
    if reads.in_texts:
        # An asset of such a name is no input by it; the notebook offers to make it one.
        edges += soft_edges(web, sorted(reads.in_texts), function.__globals__)
    if static.reads_docs:
        docs = docs_read(static, function.__globals__)
        edges.append((".__doc__", Node("content", docs, text="its docstrings")))
    if web.patched:
        edges += _patched(web, function.__code__)
    if web.changed:
        edges += _settings(web, function.__code__)
    return edges


def shows_settings(web: Web, function: FunctionType) -> bool:
    """Whether settings that were changed may show in what a function gives that reads nothing else."""
    shown = _settings(web, function.__code__)
    return bool(shown) or (takes(function) and bool(web.settings("values")))


def takes(function: Any) -> bool:
    """Whether it is given anything, as far as that is known."""
    if type(function) is not FunctionType:
        return True
    return bool(function.__code__.co_argcount or function.__code__.co_kwonlyargcount)


def _settings(web: Web, code: CodeType) -> list[Edge]:
    """The settings of libraries that were changed and that show where code draws or writes."""
    return [edge for shown in shown_by(code) for edge in web.settings(shown)]


def _patched(web: Web, code: CodeType) -> Iterator[Edge]:
    """What the code may call of that which the user has put into the classes of frames."""
    used = {name for inner in nested_codes(code) for name in inner.co_names}
    for name in sorted(used & web.patched.keys()):
        for value in web.patched[name]:
            yield f".{name}", web.node(value, name)


def _left_behind(web: Web, function: FunctionType) -> str | None:
    """`module:name` of a function of which its module, since a reload, holds a newer one."""
    name = function.__qualname__.partition(".")[0]
    found: Any = sys.modules.get(function.__module__)
    for part in function.__qualname__.split("."):
        found = getattr(found, "__dict__", {}).get(part)
    if type(found) is not FunctionType or found is function:
        return None
    newer = static_of(found, web.files).source.trust is Trust.SURE
    return f"{function.__module__}:{name}" if newer else None


def _held_by(web: Web, function: FunctionType) -> Iterator[Edge]:
    """Closure, defaults and attributes, and the variables that texts among these name."""
    yield from _closure(web, function)
    code = function.__code__
    defaults = function.__defaults__ or ()
    named = code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount]
    for name, value in (
        *zip(named, defaults, strict=True),
        *(function.__kwdefaults__ or {}).items(),
    ):
        yield f".{name}=", web.node(value, name)
        yield from named_by(web, value, function.__globals__)
    for name, value in vars(function).items():
        yield f".{name}", web.node(value, name)


def holds_values(function: FunctionType, code: CodeType) -> bool:
    """Does it carry values of its own that its code can use: a closure, attributes, defaults?

    These last are only asked for where there may be some, since that is an audit event.
    """
    return bool(
        function.__closure__
        or function.__dict__
        or (code.co_argcount and function.__defaults__)
        or (code.co_kwonlyargcount and function.__kwdefaults__)
    )


def _closure(web: Web, function: FunctionType) -> Iterator[Edge]:
    cells = function.__closure__ or ()
    for name, cell in zip(function.__code__.co_freevars, cells, strict=True):
        try:
            value = cell.cell_contents
        except ValueError:
            yield f".{name}", web.once("missing", f"{name} in a closure", text="not bound yet")
        else:
            yield f".{name}", web.node(value, name)
            yield from named_by(web, value, function.__globals__)


def _follow_installed(web: Web, node: Node, function: FunctionType) -> None:
    """A function of a package counts by its name, and by what it holds of the user's."""
    # The names that `wraps` copies are those of the user; the code's own name says what it is.
    module = str(function.__globals__.get("__name__"))
    name = f"{module}:{function.__code__.co_qualname}"
    node.kind, node.module = "package", module.partition(".")[0]
    own = b"package" + text_bytes(name)
    if "<" in name:  # made inside another function: it may hold something of the user's
        own += b"%d" % len(function.__closure__ or ())
        if function.__name__ == "<lambda>":
            own += text_bytes(
                " ".join((*function.__code__.co_varnames, *function.__code__.co_names))
            )
        edges = []
        for label, value in _contents(function):
            if _can_be_read(value):
                edges.append((label, web.node(value, label[1:])))
            elif not isinstance(value, (dict, list)):
                reason = f"what `{name}` holds cannot be read: {type(value).__qualname__}"
                node.mark = Note("weak", reason)
        node.edges = in_order(edges)
    node.own = xxh3_128_digest(own)
    node.edges = [*node.edges, *web.around(node.module)]
    node.mark = node.mark or web.reader(name)


def _is_type(value: Any) -> bool:
    kind = type(value)
    form = kind.__module__ == "typing" and not hasattr(value, "__args__")
    return form or issubclass(kind, (type, ModuleType)) or kind is FunctionType


def _contents(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What an installed function holds; of a dispatcher its registry, not its caches."""
    if function.__code__ is _dispatcher.__code__:
        yield ".registry", vars(function).get("registry")
        return
    cells = function.__closure__ or ()
    for name, cell in zip(function.__code__.co_freevars, cells, strict=True):
        try:
            yield f".{name}", cell.cell_contents
        except ValueError:
            continue
    for name, value in vars(function).items():
        yield f".{name}", value


def _can_be_read(value: Any) -> bool:
    if issubclass(type(value), (FunctionType, type)) or is_plain(type(value)):
        return True
    return home_of_module(type(value).__module__) == "own"


# ---------------------------------------------------------------- decorators


def _declares(decorator: Decorator, namespace: dict[str, Any]) -> bool:
    """Is it a declaration of dagbook's own? What it says comes in as options."""
    return _home_of(decorator, namespace) == "dagbook"


def _of_package(decorator: Decorator, namespace: dict[str, Any]) -> bool:
    module = _home_of(decorator, namespace)
    return module is not None and home_of_module(module) == "package"


def _home_of(decorator: Decorator, namespace: dict[str, Any]) -> str | None:
    """The module of what decorates, reduced to `dagbook` for its own."""
    if not decorator.head:
        return None
    value: Any = namespace.get(decorator.head[0], MISSING)
    for attribute in decorator.head[1:]:
        try:
            value = vars(value).get(attribute, MISSING)
        except TypeError:
            return None
    module = getattr(value, "__module__", None) or getattr(value, "__name__", None)
    if not isinstance(module, str):
        return None
    return "dagbook" if module.partition(".")[0] == "dagbook" else module


# ---------------------------------------------------------------- names


def named_edges(
    web: Web, names: tuple[tuple[str, tuple[Chain, ...]], ...], namespace: dict[str, Any]
) -> list[Edge]:
    """Edges to global names; a name that several functions read is looked up once."""
    known = web.names_of(namespace)
    edges: list[Edge] = []
    for read in names:
        found = known.get(read)
        if found is None:
            found = known[read] = list(_global_edges(web, (read,), frozenset(), namespace))
        edges += found
    return edges


def _global_edges(
    web: Web,
    names: Iterable[tuple[str, tuple[Chain, ...]]],
    soft: frozenset[str],
    namespace: dict[str, Any],
) -> Iterator[Edge]:
    is_asset = web.world.is_asset
    for name, chains in names:
        for meaning in meanings(name, chains, namespace, is_asset=is_asset, soft=name in soft):
            node = _meant(web, meaning)
            if type(meaning) is Bound:
                module = outdated_at(meaning.label, namespace, web.files)
                if module is not None:
                    node.mark = Note("stale module", module)
                yield from named_by(web, meaning.value, namespace)
            yield meaning.label, node


def _meant(web: Web, meaning: Meaning) -> Node:
    match meaning:
        case Bound(label, value):
            return web.node(value, label)
        case InPackage(_, module, path):
            return _in_package(web, module, path)
        case OfAsset(label):
            return web.once("asset", label, mark=Note("asset", label))
        case OpenEnded(label, reason):
            return web.once("untracked", label, mark=Note("untracked", reason), text=reason)
        case Unbound(label):
            return web.once("missing", label)


def _in_package(web: Web, module: str, path: str) -> Node:
    name = f"{module}:{path}"
    reason = _OPEN_PATHS.get((module, path.partition(".")[0]))
    if reason is not None:
        return web.once("untracked", name, mark=Note("untracked", reason), text=reason)
    root = module.partition(".")[0]
    node = web.once("package", name, mark=web.reader(name), module=root)
    node.edges = node.edges or web.around(root)
    return node


def _environment(web: Web, names: frozenset[str] | None) -> Iterator[Edge]:
    if names is None:
        # Which variables these are is seen when it runs.
        yield "os.environ", web.once("package", "os:environ", module="os")
        return
    for name in names:
        value = os.environ.get(name)
        content = b"unset" if value is None else b"set" + os.fsencode(value)
        text = "not set" if value is None else "set"
        digest = salted(content, web.world.salt)
        yield f"os.environ[{name!r}]", Node("content", digest, text=text)


def _imports(
    web: Web, imports: tuple[tuple[int, str], ...], namespace: dict[str, Any]
) -> Iterator[Edge]:
    for level, name in imports:
        package = namespace.get("__package__")
        module, _, taken = name.partition(":")
        full = _absolute(level, module, package if isinstance(package, str) else "")
        node = web.module(full, follow_import)
        if taken:
            # What is taken from a package may be a module of its own.
            full = f"{full}.{taken}"
            if node.kind == "package" or not is_own_import(full):
                continue
            node = web.module(full, follow_import)
        yield f"import {full}", node


def _absolute(level: int, name: str, package: str) -> str:
    if level == 0:
        return name
    base = package.rsplit(".", level - 1)[0] if level > 1 else package
    return f"{base}.{name}" if name else base
