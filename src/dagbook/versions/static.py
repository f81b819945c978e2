"""What never changes about a function: its body's digest and the names that it reads."""

from __future__ import annotations

import ast
import weakref
from collections.abc import Iterator
from dataclasses import replace
from inspect import CO_OPTIMIZED
from types import CodeType, FunctionType

from xxhash import xxh3_128_digest

from dagbook.records import dataclass
from dagbook.versions.bytecode import Reads, code_digest, nested_codes, reads_of
from dagbook.versions.canonical import canonical, docstrings
from dagbook.versions.names import SHELL
from dagbook.versions.parts import Standing
from dagbook.versions.source import (
    Files,
    Source,
    SourceText,
    Trust,
    depends_on_disk,
    digest_of,
    find_source,
)
from dagbook.versions.texts import named_in_texts

_READ_DOCSTRINGS = frozenset({"__doc__", "getdoc", "docopt"})
_ENVIRONMENT = frozenset({"environ", "getenv", "environb"})
# By these code reaches the variables of any function, of those that called it, or classes of other cells.
_REACHING = frozenset(
    {"__globals__", "_getframe", "currentframe", "f_back", "f_globals", "f_locals", "gi_frame"}
    | {"__subclasses__"}
)
_COMMANDS = frozenset({"getoutput", "system"})
# Of `importlib.import_module("x")`, `importlib.util.find_spec("x")`, `__import__("x")` and `sys.modules["x"]`.
_LOADING = frozenset({"import_module", "__import__", "find_spec", "modules"})
# What else the tree tells is asked of those that hold one of these.
_TELLING = _ENVIRONMENT | _LOADING | {SHELL}


@dataclass(frozen=True, slots=True)
class Decorator:
    """One decorator as it is written: its digest, and the names that it reads."""

    digest: bytes
    head: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Static:
    """A code object, read once.

    `digest` is that of the tree where the source can be trusted, else of the code object.
    `environment` holds the literal names that are asked of the environment; None if any is not
    literal. `annotations` are the names in those of its parameters. `reads_docs` says that docstrings are data to this code; `open_ended` names, with the
    reason, what may reach anything; `texts` are names in its texts that may stand for variables, and
    whether only for frames; `only_names` says that it
    reads nothing but global names, from a source that can be trusted.
    """

    digest: bytes
    reads: Reads
    source: Source
    place: str | Standing
    decorators: tuple[Decorator, ...] = ()
    annotations: tuple[str, ...] = ()
    environment: frozenset[str] | None = frozenset()
    reads_docs: bool = False
    open_ended: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, bool], ...] = ()
    only_names: bool = False


def docs_of(static: Static) -> bytes:
    """The digest of the docstrings of a function, for the few that have readers."""
    tree = static.source.tree()
    return xxh3_128_digest(docstrings(tree)) if tree is not None else b""


@dataclass(slots=True)
class ReadCode:
    """A code object that was read: its static part, and whether from the `text` of a file on disk.

    `is_closed` says that it reads no name at all; `names` are all that it reads, None where that is
    not all; `version` is for whoever gives it one that nothing else counts for.
    """

    code: weakref.ref[CodeType]
    text: SourceText | None
    on_disk: bool
    static: Static
    is_closed: bool
    names: frozenset[str] | None
    version: object = None


_known: dict[int, ReadCode] = {}
# One set for all that read the same names, as most read a few builtins and nothing more.
_names: dict[frozenset[str], frozenset[str]] = {}


def static_of(function: FunctionType, files: Files) -> Static:
    """The static part of a function; made once a code object and text of its file."""
    return read_of(function, files, function.__code__).static


def read_of(function: FunctionType, files: Files, code: CodeType) -> ReadCode:
    """The code of a function as it was read.

    It is given too where it was asked for before, since each time is an audit event.
    """
    place = object.__hash__(code)  # asking for an `id` is an audit event
    known = _known.get(place)
    if (
        known is not None
        and known.code() is code
        and (not known.on_disk or files.text(code.co_filename) is known.text)
    ):
        return known
    source = find_source(code, files, function.__globals__.get("__loader__"))
    static = _made(code, source)
    on_disk = depends_on_disk(code)
    text = files.text(code.co_filename) if on_disk else None
    held = weakref.ref(code, lambda _: _known.pop(place, None))
    names = None
    if static.only_names:
        names = frozenset([name for name, _ in static.reads.names])
        names = _names.setdefault(names, names)
    is_closed = names is not None and not names
    known = _known[place] = ReadCode(held, text, on_disk, static, is_closed, names)
    return known


def _made(code: CodeType, source: Source) -> Static:
    reads = reads_of(code)
    names = {name for inner in nested_codes(code) for name in inner.co_names}
    node = source.tree() if names & _TELLING or not source.digest else None
    if node is not None and _LOADING & names:
        imports = {*reads.imports, *((0, name) for name in _loaded_by_name(node))}
        reads = replace(reads, imports=tuple(sorted(imports)))
    if SHELL in code.co_names and node is not None and _only_commands(node):
        # What a command reads is told when it runs: it can't be found here.
        reads = replace(reads, names=tuple([one for one in reads.names if one[0] != SHELL]))
    digest = source.digest
    if not digest and source.trust is Trust.SURE and node is not None:
        digest = digest_of(canonical(node, anonymous=True))
    elif not digest:
        digest = xxh3_128_digest(b"code" + code_digest(code))
    decorators = _decorators(node)
    environment = _environment(node) if _ENVIRONMENT & names else frozenset()
    reads_docs = bool(_READ_DOCSTRINGS & names) and _reads_docs(code, reads)
    open_ended = tuple(_open_ended(names, node))
    texts = named_in_texts(code)
    special = reads_docs or decorators or open_ended or texts
    plain = environment == frozenset() and not special
    return Static(
        digest=digest,
        reads=reads,
        source=source,
        place=source.place or f"{code.co_filename}, line {code.co_firstlineno}",
        decorators=decorators,
        annotations=_in_annotations(node),
        environment=environment,
        reads_docs=reads_docs,
        open_ended=open_ended,
        texts=texts,
        only_names=plain
        and source.trust is Trust.SURE
        and not (reads.soft or reads.imports or reads.in_texts),
    )


def _reads_docs(code: CodeType, reads: Reads) -> bool:
    taken = {attribute for _, chains in reads.names for chain in chains for attribute in chain}
    taken.update(name for name, _ in reads.names)
    # What a class body inside does with the name is to set it.
    inner = [one for one in nested_codes(code) if one.co_flags & CO_OPTIMIZED]
    return bool(taken & _READ_DOCSTRINGS) or any("__doc__" in one.co_names for one in inner)


def _decorators(node: ast.AST | None) -> tuple[Decorator, ...]:
    listed: list[ast.expr] = getattr(node, "decorator_list", [])
    return tuple(
        Decorator(xxh3_128_digest(canonical(expression)), _head(expression), names_in(expression))
        for expression in listed
    )


def _in_annotations(node: ast.AST | None) -> tuple[str, ...]:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return ()
    hints = [one.annotation for one in ast.walk(node.args) if isinstance(one, ast.arg)]
    hints += getattr(node, "type_params", ())
    found = [names_in(hint) for hint in (*hints, node.returns) if hint is not None]
    return tuple(sorted({name for names in found for name in names}))


def _head(expression: ast.expr) -> tuple[str, ...]:
    """What is called to decorate, as a dotted name: `retry(3)` is `retry`."""
    inner = expression.func if isinstance(expression, ast.Call) else expression
    reversed_names: list[str] = []
    while isinstance(inner, ast.Attribute):
        reversed_names.append(inner.attr)
        inner = inner.value
    if not isinstance(inner, ast.Name):
        return ()
    return (inner.id, *reversed(reversed_names))


def names_in(tree: ast.AST) -> tuple[str, ...]:
    """The names that a piece of source mentions, sorted."""
    return tuple(sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}))


def _environment(node: ast.AST | None) -> frozenset[str] | None:
    """The environment variables that are read by a literal name."""
    if node is None:
        return None
    found: set[str] = set()
    mentions = literal = 0
    for inner in ast.walk(node):
        if _last_name(inner) in _ENVIRONMENT:
            mentions += 1
        key = _asked(inner)
        if key is not None:
            literal += 1
            found.add(key)
    return frozenset(found) if mentions == literal else None


def _asked(node: ast.AST) -> str | None:
    """The key of `environ["X"]`, `environ.get("X")` or `getenv("X")`."""
    if isinstance(node, ast.Subscript) and _last_name(node.value) == "environ":
        return _text(node.slice)
    if isinstance(node, ast.Call) and node.args:
        called = node.func
        if _last_name(called) == "getenv":
            return _text(node.args[0])
        if isinstance(called, ast.Attribute) and called.attr == "get":
            return _text(node.args[0]) if _last_name(called.value) == "environ" else None
    if isinstance(node, ast.Compare) and len(node.comparators) == 1:
        return _text(node.left) if _last_name(node.comparators[0]) == "environ" else None
    return None


def _open_ended(names: set[str], node: ast.AST | None) -> Iterator[tuple[str, str]]:
    """The attributes by which code may reach any name, or load any module."""
    for name in sorted(_REACHING & names):
        yield name, f"`{name}` reaches what is not named"
    if node is None or not (_LOADING - {"__import__"}) & names:
        return
    written = len(list(_loaded_by_name(node)))
    by_call = {"find_spec", "import_module"}
    asked = sum(_last_name(inner) in {*by_call, "modules"} for inner in ast.walk(node))
    if asked > written and (by_call & names or any(map(_is_sys_modules, ast.walk(node)))):
        yield "modules by name", "it may load or reach any module"


def _is_sys_modules(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "modules"
        and _last_name(node.value) == "sys"
    )


def _only_commands(tree: ast.AST) -> bool:
    """Whether the shell is used for `!commands` alone, and these for no variables."""
    mentions = commands = 0
    for node in ast.walk(tree):
        mentions += isinstance(node, ast.Name) and node.id == SHELL
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            of_shell = isinstance(node.func.value, ast.Call)
            text = _text(node.args[0])
            if of_shell and node.func.attr in _COMMANDS and text is not None:
                commands += not {"{", "$"} & set(text)
    return mentions == commands


def _loaded_by_name(tree: ast.AST) -> Iterator[str]:
    """The modules that are loaded by a name that is written out."""
    for node in ast.walk(tree):
        name = None
        if isinstance(node, ast.Call) and node.args and _last_name(node.func) in _LOADING:
            name = _text(node.args[0])
        elif isinstance(node, ast.Subscript) and _last_name(node.value) == "modules":
            name = _text(node.slice)
        if name is not None and all(part.isidentifier() for part in name.split(".")):
            yield name


def _text(node: ast.expr) -> str | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else None


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
