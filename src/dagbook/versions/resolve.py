"""Follows a value to everything that it reaches, and makes a node for each."""

from __future__ import annotations

import functools
import operator
import os
from collections.abc import Callable, Iterable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.versions.bytecode import Chain
from dagbook.versions.classes import class_members, shows_docstring
from dagbook.versions.content import Writer, class_name, is_plain, state, text_bytes
from dagbook.versions.described import describe
from dagbook.versions.modules import module_facts
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
from dagbook.versions.parts import Node, Note
from dagbook.versions.pickles import pickle_digest
from dagbook.versions.redaction import is_secret_name, salted
from dagbook.versions.source import Files, Trust
from dagbook.versions.static import Static, static_of

Edge = tuple[str, Node]

_SCALARS = frozenset({int, str, float, bool, type(None), bytes, complex})
_LRU = type(functools.lru_cache(lambda: None))
_WITHOUT_CONTENT = (property, staticmethod, classmethod, functools.cached_property)
_OPERATORS = (operator.itemgetter, operator.attrgetter, operator.methodcaller)
_WEAK_PATHS = {
    ("importlib", "import_module"): "importlib.import_module() may load any module",
    ("sys", "modules"): "sys.modules reaches every module",
    ("sys", "_getframe"): "sys._getframe() reaches the variables of its callers",
    ("inspect", "currentframe"): "inspect.currentframe() reaches the variables of its callers",
    ("inspect", "stack"): "inspect.stack() reaches the variables of its callers",
}


class Resolver:
    """Makes the nodes of one evaluation; every value is looked at once.

    Args:
        is_asset: tells the names of assets.
        provenance: the source that last bound a name, for values whose content is not known.
        salt: what secrets are hashed with.
    """

    def __init__(
        self,
        is_asset: Callable[[str], bool],
        provenance: Callable[[str], str | None],
        salt: bytes,
    ) -> None:
        self._is_asset = is_asset
        self._provenance = provenance
        self._salt = salt
        self._memo: dict[int, tuple[object, Node]] = {}
        self._named: dict[tuple[str, str], Node] = {}
        self._waiting: list[tuple[Node, Any, str]] = []
        self.files = Files()

    # ------------------------------------------------------------ entry

    def root(self, value: Any) -> Node:
        """The node of what an asset runs; its name and its declaration do not count."""
        node = Node("body", b"")
        if type(value) is FunctionType:
            self._expand_function(node, value, root=True)
        else:
            self._expand(node, value, "body")
        self._settle()
        return node

    def reached(self, label: str, value: Any) -> Node:
        """The node of a value that is handed over by name."""
        node = self._node(value, label)
        self._settle()
        return node

    def _settle(self) -> None:
        while self._waiting:
            self._expand(*self._waiting.pop())

    def _expand(self, node: Node, value: Any, label: str) -> None:
        try:
            self._expander(value)(node, value, label)
        except Exception as error:  # the code of a user's object may raise anything
            node.edges = []
            self._by_provenance(node, value, label, error)

    def _node(self, value: Any, label: str) -> Node:
        """The node of a value; its edges are found later, so that rings and chains end."""
        kind = type(value)
        if is_secret_name(label) and (kind in _SCALARS or is_plain(kind)):
            return self._secret(value)
        if kind in _SCALARS:
            digest = xxh3_128_digest(b"value" + Writer().write(value))
            return Node("content", digest, text=describe(value))
        known = self._memo.get(id(value))
        if known is None:
            node = Node("content", b"")
            self._memo[id(value)] = (value, node)
            self._waiting.append((node, value, label))
            return node
        return known[1]

    def _expander(self, value: Any) -> Callable[[Node, Any, str], None]:
        kind = type(value)
        if kind is FunctionType:
            return self._expand_function
        if isinstance(value, type):
            return self._expand_class
        if isinstance(value, ModuleType):
            return self._expand_module
        if hasattr(kind, "__dagbook_code__"):
            return self._expand_declared
        if kind is MethodType:
            return self._expand_fields("method", "__func__", "__self__")
        if kind is functools.partial:
            return self._expand_fields("partial", "func", "args", "keywords")
        if kind is _LRU:
            return self._expand_fields("cached", "__wrapped__")
        if kind in _WITHOUT_CONTENT:
            names = ("__func__", "fget", "fset", "fdel", "func", "__wrapped__")
            return self._expand_fields(kind.__name__, *(n for n in names if hasattr(kind, n)))
        if kind is BuiltinFunctionType or kind in _OPERATORS:
            return self._expand_builtin
        return self._expand_data if is_plain(kind) else self._expand_instance

    # ------------------------------------------------------------ functions

    def _expand_function(
        self, node: Node, function: Any, label: str = "", *, root: bool = False
    ) -> None:
        if home_of_file(function.__code__.co_filename) != "own":
            self._expand_foreign_function(node, function)
            return
        static = static_of(function, self.files)
        decorators = self._decorators(static, function.__globals__)
        own = [b"function", static.digest]
        if not root:
            own.append(text_bytes(function.__name__))
            own += [digest for digest, _ in decorators]
        node.own = xxh3_128_digest(b"".join(own))
        node.text = static.node if static.node is not None else f"function {function.__qualname__}"
        node.place = static.place
        self._mark_source(node, static, function)
        edges = list(self._held_by(function))
        edges += self._global_edges(static.reads.names, static.reads.soft, function.__globals__)
        for _, names in () if root else decorators:
            pairs = tuple((name, ((),)) for name in names)
            edges += self._global_edges(pairs, frozenset(names), function.__globals__)
        edges += self._environment(static)
        edges += self._imports(static.reads.imports, function.__globals__)
        if static.reads_docs and static.docs:
            edges.append((".__doc__", Node("content", static.docs, text="docstrings")))
        node.edges = _in_order(edges)

    def _mark_source(self, node: Node, static: Static, function: FunctionType) -> None:
        node.kind = "body" if static.trust is Trust.SURE else "code"
        name = function.__qualname__
        if static.trust is Trust.ABSENT:
            reason = f"`{name}` has no source; it counts by its compiled code"
            node.notes = frozenset({Note("weak", reason)})
        elif static.trust is Trust.CHANGED:
            node.notes = frozenset({Note("stale module", str(function.__module__))})

    def _decorators(
        self, static: Static, namespace: dict[str, Any]
    ) -> list[tuple[bytes, tuple[str, ...]]]:
        """The decorators that are not declarations of dagbook's own."""
        kept = []
        for decorator in static.decorators:
            value: Any = namespace.get(decorator.head[0], MISSING) if decorator.head else MISSING
            for attribute in decorator.head[1:]:
                value = getattr(value, "__dict__", {}).get(attribute, MISSING)
            module = getattr(value, "__module__", None)
            if not (isinstance(module, str) and module.partition(".")[0] == "dagbook"):
                kept.append((decorator.digest, decorator.names))
        return kept

    def _held_by(self, function: FunctionType) -> Iterable[Edge]:
        """Closure, defaults and attributes."""
        for name, cell in zip(
            function.__code__.co_freevars, function.__closure__ or (), strict=True
        ):
            try:
                yield f".{name}", self._node(cell.cell_contents, name)
            except ValueError:
                yield f".{name}", Node("missing", b"empty cell", text="not bound yet")
        for at, default in enumerate(function.__defaults__ or ()):
            yield f".default {at}", self._node(default, "")
        for name, default in (function.__kwdefaults__ or {}).items():
            yield f".default {name}", self._node(default, name)
        for name, value in vars(function).items():
            yield f".{name}", self._node(value, name)

    def _expand_foreign_function(self, node: Node, function: FunctionType) -> None:
        """A function of an installed package: by its name; what it holds of the user's counts."""
        node.kind = "package"
        node.module = str(function.__module__).partition(".")[0]
        name = f"{function.__module__}:{function.__qualname__}"
        held = list(self._held_by(function)) if "<locals>" in name or vars(function) else []
        own = b"package" + text_bytes(name)
        if "<locals>" in name or "<lambda>" in name:
            own += text_bytes(str(function.__code__.co_firstlineno))
        node.own = xxh3_128_digest(own)
        node.edges = _in_order(held)

    # ------------------------------------------------------------ names

    def _global_edges(
        self,
        names: Iterable[tuple[str, tuple[Chain, ...]]],
        soft: frozenset[str],
        namespace: dict[str, Any],
    ) -> Iterable[Edge]:
        for name, chains in names:
            for meaning in meanings(
                name, chains, namespace, is_asset=self._is_asset, soft=name in soft
            ):
                yield meaning.label, self._meant(meaning)

    def _meant(self, meaning: Meaning) -> Node:
        match meaning:
            case Bound(label, value):
                return self._node(value, label)
            case InPackage(_, module, path):
                return self._in_package(module, path)
            case OfAsset(label):
                return self._once("asset", label, Note("asset", label))
            case OpenEnded(label, reason):
                return self._once("untracked", label, Note("untracked", reason))
            case Unbound(label):
                return self._once("missing", label, None)

    def _once(self, kind: Any, label: str, note: Note | None) -> Node:
        known = self._named.get((kind, label))
        if known is None:
            own = xxh3_128_digest(text_bytes(kind) + text_bytes(label))
            notes = frozenset({note}) if note else frozenset()
            text = note.text if note and kind != "asset" else f"`{label}`"
            known = self._named[kind, label] = Node(kind, own, notes=notes, text=text)
        return known

    def _in_package(self, module: str, path: str) -> Node:
        key = ("package", f"{module}:{path}")
        known = self._named.get(key)
        if known is None:
            own = xxh3_128_digest(b"package" + text_bytes(key[1]))
            known = Node("package", own, module=module.partition(".")[0])
            reason = _WEAK_PATHS.get((module, path.partition(".")[0]))
            if reason is not None:
                known.kind, known.text = "weak", reason
                known.notes = frozenset({Note("weak", reason)})
            self._named[key] = known
        return known

    def _environment(self, static: Static) -> Iterable[Edge]:
        if static.environment is None:
            reason = "the environment is read by a name that is not literal"
            yield "os.environ", self._once("weak", "os.environ", Note("weak", reason))
            return
        for name in static.environment:
            value = os.environ.get(name)
            content = b"unset" if value is None else b"set" + value.encode("utf-8", "surrogateescape")
            text = "not set" if value is None else "set"
            yield f"os.environ[{name!r}]", Node("content", salted(content, self._salt), text=text)

    def _imports(
        self, imports: tuple[tuple[int, str], ...], namespace: dict[str, Any]
    ) -> Iterable[Edge]:
        for level, name in imports:
            package = namespace.get("__package__") or ""
            full = _absolute(level, name, package if isinstance(package, str) else "")
            yield f"import {full}", self._imported(full)

    def _imported(self, name: str) -> Node:
        known = self._named.get(("import", name))
        if known is None:
            known = self._named["import", name] = Node("content", b"")
            self._expand_imported(known, name)
        return known

    # ------------------------------------------------------------ modules

    def _expand_module(self, node: Node, module: Any, label: str) -> None:
        self._expand_imported(node, module.__name__, module)

    def _expand_imported(self, node: Node, name: str, module: ModuleType | None = None) -> None:
        facts = module_facts(name, self.files, module)
        node.kind, node.own, node.place = facts.kind, facts.digest, facts.place
        node.text = facts.tree if facts.tree is not None else facts.text
        node.module = name.partition(".")[0] if facts.kind == "package" else ""
        if facts.changed:
            node.notes = frozenset({Note("stale module", name)})
        edges = [(f".{key}", self._node(value, key)) for key, value in facts.attributes.items()]
        edges += [(f".import {other}", self._imported(other)) for other in facts.imports]
        node.edges = _in_order(edges)

    # ------------------------------------------------------------ classes and objects

    def _expand_class(self, node: Node, kind: Any, label: str) -> None:
        home = home_of_module(kind.__module__)
        if home != "own":
            node.kind = "package"
            node.module = kind.__module__.partition(".")[0] if home == "package" else ""
            node.own = xxh3_128_digest(b"class" + text_bytes(class_name(kind)))
            return
        members = class_members(kind, self.files)
        own = [b"class", text_bytes(kind.__name__), members.digest]
        if members.tree is not None and shows_docstring(kind):
            own.append(text_bytes(kind.__doc__ or ""))
        node.own = xxh3_128_digest(b"".join(own))
        node.kind, node.place = "body", members.place
        node.text = members.tree if members.tree is not None else f"class {kind.__qualname__}"
        edges = [(f".{name}", self._node(value, name)) for name, value in members.attributes]
        pairs = tuple((name, ((),)) for name in members.names)
        edges += self._global_edges(pairs, frozenset(members.names), members.namespace)
        node.edges = _in_order(edges)

    def _expand_instance(self, node: Node, value: Any, label: str) -> None:
        kind = type(value)
        if home_of_module(kind.__module__) != "own":
            self._expand_pickled(node, value, label)
            return
        node.own = xxh3_128_digest(b"instance" + text_bytes(kind.__qualname__))
        node.text = f"an instance of {kind.__qualname__}"
        edges = [(".class", self._node(kind, ""))]
        edges += [(f".{name}", self._node(held, name)) for name, held in state(value).items()]
        inside = _inside(value)
        if inside is not None:
            edges.append(("[]", self._node(inside, label)))
        elif not _keeps_all_in_attributes(kind):
            edges.append((".pickle", self._pickled(value, label)))
        node.edges = _in_order(edges)

    def _pickled(self, value: Any, label: str) -> Node:
        node = Node("content", b"")
        try:
            self._expand_pickled(node, value, label)
        except Exception as error:
            self._by_provenance(node, value, label, error)
        return node

    def _expand_pickled(self, node: Node, value: Any, label: str) -> None:
        writer, edges = self._writer(value)
        node.own = pickle_digest(value, writer.write)
        node.kind = "weak"
        reason = f"`{label}` ({class_name(type(value))}) is known by its pickle only"
        node.text = f"an instance of {class_name(type(value))}"
        node.notes = frozenset({Note("weak", reason)})
        node.edges = edges

    def _expand_data(self, node: Node, value: Any, label: str) -> None:
        writer, edges = self._writer(value)
        node.own = xxh3_128_digest(b"value" + writer.write(value))
        node.text = describe(value)
        node.edges = edges
        if writer.weak:
            reason = f"`{label}` holds something that is known by its pickle only"
            node.kind, node.notes = "weak", frozenset({Note("weak", reason)})

    def _writer(self, whole: Any) -> tuple[Writer, list[Edge]]:
        """A writer for which code and objects inside a value are edges of its node."""
        edges: list[Edge] = []

        def stands_for(value: object) -> bytes | None:
            if value is whole or not self._has_node(value):
                return None
            edges.append((f"[{len(edges)}]", self._node(value, "")))
            return b"#%d;" % (len(edges) - 1)

        return Writer(stands_for), edges

    def _has_node(self, value: object) -> bool:
        if isinstance(value, type):
            return home_of_module(value.__module__) == "own"
        if isinstance(value, (FunctionType, MethodType, ModuleType)):
            return True
        return not is_plain(type(value))

    def _expand_builtin(self, node: Node, value: Any, label: str) -> None:
        owner = getattr(value, "__self__", None)
        name = getattr(value, "__qualname__", None) or type(value).__qualname__
        module = str(getattr(value, "__module__", ""))
        node.own = xxh3_128_digest(b"builtin" + text_bytes(module) + text_bytes(name))
        node.kind, node.module = "package", module.partition(".")[0]
        if isinstance(value, _OPERATORS):
            node.edges = [("[]", self._node(value.__reduce__()[1], ""))]
        elif owner is not None and not isinstance(owner, ModuleType):
            node.edges = [(".__self__", self._node(owner, label))]

    def _expand_fields(self, tag: str, *names: str) -> Callable[[Node, Any, str], None]:
        def expand(node: Node, value: Any, label: str) -> None:
            node.own = xxh3_128_digest(text_bytes(tag))
            node.text = tag
            node.edges = [(f".{name}", self._node(getattr(value, name), "")) for name in names]

        return expand

    def _expand_declared(self, node: Node, value: Any, label: str) -> None:
        """An object that says itself what its code is, such as a query."""
        texts = value.__dagbook_code__()
        node.own = xxh3_128_digest(b"declared" + b"".join(map(text_bytes, texts)))
        node.kind, node.text = "body", "\n".join(texts)
        reads = getattr(value, "__dagbook_reads__", dict)()
        node.edges = _in_order((name, self._node(held, name)) for name, held in reads.items())

    # ------------------------------------------------------------ what cannot be read

    def _secret(self, value: Any) -> Node:
        writer, edges = self._writer(value)
        try:
            digest = salted(writer.write(value), self._salt)
        except Exception:
            return self._once("untracked", "secret", Note("untracked", "a secret has no content"))
        return Node("content", digest, edges=edges, text="a secret")

    def _by_provenance(self, node: Node, value: Any, label: str, error: Exception) -> None:
        kind = type(value).__qualname__
        text = self._provenance(label) if label else None
        node.text = f"an instance of {kind}"
        if text is None:
            node.kind, node.own = "untracked", b"untracked"
            reason = (
                f"`{label}` is an instance of {kind} whose content cannot be read"
                f" ({type(error).__name__}); what uses it runs every time"
            )
            node.notes = frozenset({Note("untracked", reason)})
            return
        node.kind, node.own = "weak", xxh3_128_digest(b"provenance" + text_bytes(text))
        reason = f"`{label}` ({kind}) is known by the code that made it, not by its content"
        node.notes = frozenset({Note("weak", reason)})

    def _secret_free(self, label: str) -> str:
        return "" if is_secret_name(label) else label


def _in_order(edges: Iterable[Edge]) -> list[Edge]:
    """Edges by label, so that the order in which things were found does not show."""
    return sorted(edges, key=operator.itemgetter(0))


def _absolute(level: int, name: str, package: str) -> str:
    if level == 0:
        return name
    base = package.rsplit(".", level - 1)[0] if level > 1 else package
    return f"{base}.{name}" if name else base


def _inside(value: Any) -> Any:
    """What a value holds beside its attributes, where its class extends a builtin one."""
    for kind in (dict, list, tuple, set, frozenset, str, int, float, bytes):
        if isinstance(value, kind):
            return dict(dict.items(value)) if kind is dict else kind.__new__(kind, value) if kind in (
                str, int, float, bytes, tuple, frozenset
            ) else kind(kind.__iter__(value))
    return None


def _keeps_all_in_attributes(kind: type) -> bool:
    """Are all bases plain Python, so that attributes are all that there is?"""
    return all(
        base is object or home_of_module(base.__module__) == "own" or _is_written_in_python(base)
        for base in kind.__mro__
    )


def _is_written_in_python(kind: type) -> bool:
    return bool(kind.__flags__ & (1 << 9))  # Py_TPFLAGS_HEAPTYPE
