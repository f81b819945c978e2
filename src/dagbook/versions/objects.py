"""Follows objects that are no functions: classes, instances, data, and wrappers of code."""

from __future__ import annotations

import typing
from types import ModuleType, NoneType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.versions.caches import meet_cache
from dagbook.versions.classes import class_members, shows_docstring
from dagbook.versions.content import class_name, state, text_bytes
from dagbook.versions.described import CONTAINERS, describe
from dagbook.versions.functions import soft_edges
from dagbook.versions.origin import home_of_class, installed_name
from dagbook.versions.parts import Edge, Node, Note
from dagbook.versions.pickles import pickle_digest
from dagbook.versions.web import Expand, Web, in_order

BUILT_IN: tuple[tuple[type, Any], ...] = (
    (dict, lambda value: dict(dict.items(value))),
    (list, lambda value: list(list.__iter__(value))),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
    (str, lambda value: str.__str__(value)),
    (bytes, lambda value: bytes(bytes.__iter__(value))),
    (int, lambda value: int.__int__(value)),
    (float, lambda value: float.__float__(value)),
)
# Where pandas and Polars keep the data of a frame, and what they have found of it before.
_WITHIN_FRAMES = frozenset(
    {"_mgr", "_flags", "_attrs", "_item_cache", "_name", "_cacher", "_df", "_s"}
)
_STANDS_FOR = (
    *("__bound__", "__constraints__", "__default__", "__supertype__"),
    *("__value__", "__type_params__"),
)
# How versions of Python say that there is none; a `ParamSpec` has the type of None for a bound.
_NONE = (None, (), NoneType, getattr(typing, "NoDefault", None))
_HEAP_TYPE = 1 << 9  # set for classes that a class statement made


def follow_class(web: Web, node: Node, kind: type, label: str) -> None:
    """A class: the user's own by all that it consists of, an installed one by its name."""
    home = home_of_class(kind)
    if home != "own":
        node.kind, node.module = "package", kind.__module__.partition(".")[0]
        node.own = xxh3_128_digest(b"class" + text_bytes(class_name(kind)))
        node.mark = web.reader(f"{kind.__module__}:{kind.__qualname__}")
        node.edges = web.around(node.module)
        return
    members = class_members(kind, web.files)
    own = [b"class", text_bytes(kind.__name__), members.digest]
    if members.tree is not None and shows_docstring(kind):
        own.append(text_bytes(str(vars(kind).get("__doc__"))))
    node.own = xxh3_128_digest(b"".join(own))
    node.kind, node.place, node.module = "body", members.place, kind.__module__
    node.text = members.tree if members.tree is not None else f"class {kind.__qualname__}"
    # A class of a cell whose methods were all replaced has no place by which its text is found.
    if members.changed and kind.__module__ != "__main__":
        node.mark = Note("stale module", kind.__module__)
    edges = [(f".{name}", web.node(value, name)) for name, value in members.attributes]
    node.edges = in_order(edges + soft_edges(web, members.names, members.namespace))


def follow_instance(web: Web, node: Node, value: Any, label: str) -> None:
    """An instance: of the user's own class by the class and its attributes, else by its pickle."""
    kind = type(value)
    if home_of_class(kind) != "own":
        _follow_installed(web, node, value, label)
        return
    node.own = xxh3_128_digest(b"instance" + text_bytes(kind.__qualname__))
    node.text = f"an instance of {kind.__qualname__}"
    edges: list[Edge] = [(".__class__", web.node(kind, ""))]
    frame, held = _frame_of(value), state(value)
    if frame is not None:
        # It counts by its data, and by what the user's class puts beside that.
        held = {name: one for name, one in held.items() if name not in _WITHIN_FRAMES}
    edges += [(f".{name}", web.node(one, name)) for name, one in held.items()]
    for base, plain in BUILT_IN:
        if issubclass(kind, base):
            edges.append(("[]", web.node(plain(value), label)))
            break
    else:
        if frame is not None:
            edges.append(("[]", web.node(frame, label)))
        elif not all(_is_python(base) for base in kind.__mro__):
            edges.append((".pickle", _pickled(web, value, label)))
    # In their order, which `vars` shows.
    node.edges = edges


def _frame_of(value: Any) -> Any:
    """The frame or series that an instance of an own subclass is, without a copy of its data."""
    for base in type(value).__mro__:
        root = base.__module__.partition(".")[0]
        if root not in ("pandas", "polars") or base.__name__ not in ("DataFrame", "Series"):
            continue
        frame: Any = base(value)
        if root == "pandas":
            frame.attrs = value.attrs
            frame.flags.allows_duplicate_labels = value.flags.allows_duplicate_labels
        return frame
    return None


def _follow_installed(web: Web, node: Node, value: Any, label: str) -> None:
    """An object of a package: by the name that the package has for it, else by its pickle."""
    root = type(value).__module__.partition(".")[0]
    if root == "IPython":
        reason = "what a magic or a shell command reads is not seen"
        node.kind, node.own, node.text = "weak", b"IPython", reason
        node.mark = Note("weak", reason)
        return
    name = installed_name(value)
    if name is None:
        follow_pickle(web, node, value, label)
        _with_reader(web, node, type(value))
        node.edges = [*node.edges, *web.around(root)]
        return
    node.kind, node.module = "package", name.partition(":")[0].partition(".")[0]
    node.mark = web.reader(name)
    node.own = xxh3_128_digest(b"installed" + text_bytes(name))
    node.edges = web.around(node.module)


def _with_reader(web: Web, node: Node, kind: type) -> None:
    """What may read files unseen may do so by each of its instances."""
    mark = web.reader(f"{kind.__module__}:{kind.__qualname__}")
    if mark is not None:
        reader = web.once("package", f"class {class_name(kind)}", mark=mark)
        node.edges = [*node.edges, (".__class__", reader)]


def follow_logger(web: Web, node: Node, value: Any, label: str) -> None:
    """A logger: by its name; what it writes is no result."""
    node.own = xxh3_128_digest(b"logger" + text_bytes(value.name))
    node.text = f"logger {value.name}"


def follow_hint(web: Web, node: Node, value: Any, label: str) -> None:
    """A type hint such as `Optional[int]`, or `Annotated` with what it says: by what it is made of."""
    node.own = xxh3_128_digest(b"hint" + text_bytes(type(value).__name__))
    node.text = "a type hint"
    parts = (value.__origin__, *value.__args__, *getattr(value, "__metadata__", ()))
    node.edges = [(f"[{at}]", web.node(part, "")) for at, part in enumerate(parts)]


def follow_type_variable(web: Web, node: Node, value: Any, label: str) -> None:
    """A type variable, an alias or another form of `typing`: by its name, and what it stands for."""
    # The classes of forms such as `Literal` are private, and called otherwise by another Python.
    kind = "form" if type(value).__name__.startswith("_") else type(value).__name__
    node.text = f"{kind} {value.__name__}"
    node.own = xxh3_128_digest(b"typing" + text_bytes(node.text))
    held = [(name, getattr(value, name, None)) for name in _STANDS_FOR]
    said = [(name, one) for name, one in held if not any(one is none for none in _NONE)]
    node.edges = [(f".{name}", web.node(one, "")) for name, one in said]


def _is_python(kind: type) -> bool:
    """Are instances of this class no more than their attributes?"""
    return kind is object or bool(kind.__flags__ & _HEAP_TYPE)


def _pickled(web: Web, value: Any, label: str) -> Node:
    node = Node("content", b"")
    try:
        follow_pickle(web, node, value, label)
    except Exception as error:  # pickling runs the code of the user's class
        web.by_provenance(node, value, label, error)
    return node


def follow_pickle(web: Web, node: Node, value: Any, label: str) -> None:
    """An object of a package: by its pickle, in which the user's own code is followed."""
    writer, edges = web.writer(value)
    name = class_name(type(value))
    node.own = pickle_digest(value, writer.write)
    node.kind, node.edges, node.text = "weak", edges, f"an instance of {name}"
    node.mark = Note("weak", f"`{label or name}` ({name}) is known by its pickle only")


def follow_data(web: Web, node: Node, value: Any, label: str) -> None:
    """Plain data: by content."""
    writer, edges = web.writer(value)
    node.own = xxh3_128_digest(b"value" + writer.write(value))
    # The text of a container takes longer than most digests, and is rarely asked for.
    node.text = (lambda: describe(value)) if type(value) in CONTAINERS else describe(value)
    node.edges = edges
    if writer.weak:
        name = label or class_name(type(value))
        node.kind = "weak"
        node.mark = Note("weak", f"`{name}` holds something that is known by its pickle only")


def follow_builtin(web: Web, node: Node, value: Any, label: str) -> None:
    """A function written in C: by its name and what it is bound to."""
    owner = getattr(value, "__self__", None)
    module = str(getattr(value, "__module__", None) or "builtins")
    node.own = xxh3_128_digest(b"builtin" + text_bytes(module) + text_bytes(value.__qualname__))
    node.kind, node.module = "package", module.partition(".")[0]
    node.mark = web.reader(f"{module}:{value.__qualname__}")
    if owner is not None and not isinstance(owner, ModuleType):
        node.edges = [(".__self__", web.node(owner, label))]
    node.edges = [*node.edges, *web.around(node.module)]


def follow_operator(web: Web, node: Node, value: Any, label: str) -> None:
    """`itemgetter` and its like: by what they were made with."""
    node.own = xxh3_128_digest(b"operator" + text_bytes(class_name(type(value))))
    node.text, node.edges = type(value).__name__, [("[]", web.node(value.__reduce__()[1], ""))]


def follow_declared(web: Web, node: Node, value: Any, label: str) -> None:
    """An object that says itself what its code is, such as a query."""
    texts = value.__dagbook_code__()
    node.own = xxh3_128_digest(b"declared%d;" % len(texts) + b"".join(map(text_bytes, texts)))
    node.kind, node.text = "body", "\n".join(texts)
    reads = value.__dagbook_reads__() if hasattr(type(value), "__dagbook_reads__") else {}
    edges = [(name, web.node(held, name)) for name, held in reads.items()]
    if hasattr(type(value), "__dagbook_untracked__"):
        for name, reason in value.__dagbook_untracked__().items():
            mark = Note("untracked", reason)
            edges.append((name, web.once("untracked", name, mark=mark, text=reason)))
    node.edges = in_order(edges)


def by_fields(tag: str, *names: str) -> Expand:
    """How to follow a wrapper whose named attributes are all that it is."""

    def follow(web: Web, node: Node, value: Any, label: str) -> None:
        node.own = xxh3_128_digest(text_bytes(tag))
        node.text = tag
        node.edges = [(f".{name}", web.node(getattr(value, name), label)) for name in names]

    return follow


_follow_wrapped = by_fields("cached", "__wrapped__")


def follow_cached(web: Web, node: Node, value: Any, label: str) -> None:
    """A function with a cache, which is emptied before a body calls it."""
    meet_cache(value)
    _follow_wrapped(web, node, value, label)
