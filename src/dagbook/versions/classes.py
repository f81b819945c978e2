"""Lists what a class of the user consists of: its source, its attributes, the names it mentions."""

from __future__ import annotations

import ast
import dataclasses
import enum
import functools
import sys
import weakref
from collections.abc import Iterator
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.records import dataclass
from dagbook.versions.canonical import canonical
from dagbook.versions.content import text_bytes
from dagbook.versions.origin import OURS, file_of, home_of_file, home_of_module
from dagbook.versions.parts import place_of
from dagbook.versions.source import Files, Source, Trust, find_class
from dagbook.versions.static import names_in

_MADE_BY_PYTHON = frozenset(
    {"__module__", "__dict__", "__weakref__", "__doc__", "__qualname__", "__orig_bases__"}
    | {"__firstlineno__", "__static_attributes__", "__annotations__", "__annotate__"}
    | {"__annotate_func__", "__annotations_cache__", "__conditional_annotations__"}
    | {"__parameters__", "__type_params__", "__match_args__", "__slotnames__"}
    | {"__required_keys__", "__optional_keys__", "__readonly_keys__", "__mutable_keys__"}
    | {"__protocol_attrs__", "__non_callable_proto_members__", "_is_runtime_protocol"}
    | {"__dataclass_params__", "__dataclass_fields__", "__abstractmethods__", "_abc_impl"}
)
# Where packages keep what the fields of a class are, once they have taken them out of it.
_FIELDS_OF_PACKAGES = (
    *("__pydantic_fields__", "model_fields", "__fields__", "__struct_fields__"),
    *("model_config", "__struct_config__"),
)
_WRAPPERS = (staticmethod, classmethod, property, functools.cached_property)
_DESCRIPTORS = (MemberDescriptorType, GetSetDescriptorType)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMembers:
    """What a class consists of.

    `digest` is that of the source when the class was first met, or of its annotations; `changed`
    says that the source is another one by now. `names` are mentioned outside its methods.
    """

    digest: bytes
    attributes: list[tuple[str, Any]]
    tree: ast.ClassDef | None = None
    place: str = ""
    changed: bool = False
    names: tuple[str, ...] = ()
    namespace: dict[str, Any] = dataclasses.field(default_factory=dict)


_first_seen: weakref.WeakKeyDictionary[type, bytes] = weakref.WeakKeyDictionary()


def class_members(kind: type, files: Files) -> ClassMembers:
    """What one class of the user's own consists of."""
    functions = [function for _, value in _own_items(kind) for function in _functions(value)]
    source = _source(kind, functions, files)
    tree = source.node if isinstance(source.node, ast.ClassDef) else None
    attributes = [(f"base {at}", base) for at, base in enumerate(kind.__bases__)]
    attributes = [(name, base) for name, base in attributes if base is not object]
    if type(kind) is not type:
        attributes.append(("metaclass", type(kind)))
    attributes += _attributes(kind, with_source=tree is not None)
    now = xxh3_128_digest(canonical(tree, anonymous=False)) if tree else _shape(kind)
    digest = _first_seen.setdefault(kind, now)
    return ClassMembers(
        digest=digest,
        attributes=attributes,
        tree=tree,
        place=place_of(source.place),
        changed=digest != now,
        names=_names_outside_methods(tree) if tree else (),
        namespace=_namespace(kind, functions),
    )


def shows_docstring(kind: type) -> bool:
    """Does code of a package make this class, which may read its docstring?"""
    makers = (*kind.__mro__[1:], type(kind))
    if any(maker.__module__.partition(".")[0] == OURS for maker in makers):
        # A docstring of a resource only says what it is.
        return False
    return any(home_of_module(maker.__module__) == "package" for maker in makers)


def _own_items(kind: type) -> Iterator[tuple[str, Any]]:
    for name, value in vars(kind).items():
        if name not in _MADE_BY_PYTHON and not isinstance(value, _DESCRIPTORS):
            yield name, value


def _functions(value: Any) -> Iterator[FunctionType]:
    """The functions that a class attribute is or wraps, those that were generated left out."""
    if isinstance(value, _WRAPPERS):
        names = ("__func__", "fget", "fset", "fdel", "func")
        held = [getattr(value, name, None) for name in names]
    else:
        held = [value]
    for function in held:
        if isinstance(function, FunctionType) and not _generated(function):
            yield function


def _generated(function: FunctionType) -> bool:
    inner = vars(function).get("__wrapped__", function)
    code = getattr(inner, "__code__", function.__code__)
    filename = code.co_filename
    return filename in ("<string>", "<stdin>") or filename.startswith("<attrs generated")


def _source(kind: type, functions: list[FunctionType], files: Files) -> Source:
    inside = f"{kind.__qualname__}."
    for function in functions:
        code = function.__code__
        if code.co_qualname.startswith(inside) and home_of_file(code.co_filename) == "own":
            found = find_class(kind, files, code.co_filename, code.co_firstlineno)
            if found.node is not None:
                return found
    module = sys.modules.get(kind.__module__)
    file = file_of(module) if module is not None else None
    return find_class(kind, files, file, None) if file else Source(trust=Trust.ABSENT)


def _attributes(kind: type, *, with_source: bool) -> Iterator[tuple[str, Any]]:
    """The attributes that count by value: functions, and what a run may have set."""
    if issubclass(kind, enum.Enum):
        yield from ((member.name, member._value_) for member in kind.__members__.values())
        yield "members", (*kind.__members__,)
        yield "boundary", str(getattr(kind, "_boundary_", None))
    foreign = home_of_module(type(kind).__module__) == "package" or issubclass(kind, enum.Enum)
    fields = vars(kind).get("_fields")
    if fields is not None and issubclass(kind, tuple):
        yield "fields", fields
        yield "defaults", vars(kind).get("_field_defaults", {})
    makes_methods = dataclasses.is_dataclass(kind) or fields is not None
    generates = makes_methods or with_source
    for name, value in _own_items(kind):
        # The hook of a protocol is a function in one Python and a class method in the next.
        if (makes_methods or name == "__subclasshook__") and _of_library(value):
            continue
        if any(True for _ in _functions(value)):
            if foreign and issubclass(kind, enum.Enum) and name.startswith("_"):
                continue
            yield name, value
        elif isinstance(value, (FunctionType, *_WRAPPERS)):
            if not generates:
                yield name, value
        elif not foreign and not (name.startswith("__") and name.endswith("__") and generates):
            yield name, value
    if not with_source and home_of_module(type(kind).__module__) == "package":
        yield from ((name, vars(kind)[name]) for name in _FIELDS_OF_PACKAGES if name in vars(kind))
    if not with_source and vars(kind).get("__type_params__"):
        yield "type parameters", vars(kind)["__type_params__"]
    if dataclasses.is_dataclass(kind) and not with_source:
        yield from _dataclass_attributes(kind)


def _of_library(value: Any) -> bool:
    """Is it a method, or the getter of a field, that the standard library put there?"""
    inner = getattr(value, "__func__", value)
    if isinstance(inner, FunctionType):
        return home_of_file(inner.__code__.co_filename) == "standard"
    return type(inner).__name__ == "_tuplegetter"


def _dataclass_attributes(kind: type) -> Iterator[tuple[str, Any]]:
    for item in vars(kind).get("__dataclass_fields__", {}).values():
        if item.default is not dataclasses.MISSING:
            yield f"field {item.name}", item.default
        elif item.default_factory is not dataclasses.MISSING:
            yield f"factory {item.name}", item.default_factory
        else:
            yield f"field {item.name}", ()
        flags = (item.init, item.repr, item.hash, item.compare, item.kw_only)
        yield f"flags {item.name}", flags
        yield f"metadata {item.name}", dict(item.metadata)
    params = vars(kind).get("__dataclass_params__")
    names = ("init", "repr", "eq", "order", "unsafe_hash", "frozen")
    yield "dataclass", tuple(getattr(params, name, None) for name in names)


def _shape(kind: type) -> bytes:
    """A class whose source is out of reach: its name and annotations."""
    annotations = vars(kind).get("__annotations__", {})
    texts = [kind.__qualname__, *(f"{name}: {_said(hint)}" for name, hint in annotations.items())]
    return xxh3_128_digest(b"".join(map(text_bytes, texts)))


def _said(hint: Any) -> str:
    if isinstance(hint, type):
        return f"{hint.__module__}.{hint.__qualname__}"
    if isinstance(hint, str):
        return hint
    return repr(hint) if home_of_module(type(hint).__module__) == "standard" else "?"


def _names_outside_methods(tree: ast.ClassDef) -> tuple[str, ...]:
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.update(names_in(node))
    return tuple(sorted(found))


def _namespace(kind: type, functions: list[FunctionType]) -> dict[str, Any]:
    for function in functions:
        if function.__module__ == kind.__module__:
            return function.__globals__
    module = sys.modules.get(kind.__module__)
    return vars(module) if module is not None else {}
