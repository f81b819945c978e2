"""The options of a decorator as the header of a cell magic."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dagbook.cells.declared import MagicSpec
from dagbook.cells.magics import ASSET, ASSET_CHECK
from dagbook.cells.options import parse_header
from dagbook.errors.base import DagbookError
from dagbook.records import dataclass
from dagbook.tutorials.magic_body import Inexact

Keys = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decorated:
    """A definition by a decorator: the function, which decorator, and its options."""

    function: ast.FunctionDef | ast.AsyncFunctionDef
    decorator: str
    options: Mapping[str, ast.expr]

    @property
    def key(self) -> str | None:
        """The key as a user writes it, where it can be told; None else."""
        try:
            return _key(self)
        except Inexact:
            return None


def header_of(found: Decorated, keys: Keys, unread: Iterable[str]) -> str:
    """The first line of the cell; `keys`: the page's assets by their variables' names.

    `unread` are parameters that the body does not read. Raises Inexact for what no option says.
    """
    if found.decorator == "asset":
        words = [_key(found), *_options(found, keys, _ASSET)]
        return _line(ASSET, [*words, *_pair("--deps", *unread)])
    name = _text(found.options.get("name")) if "name" in found.options else found.function.name
    return _line(ASSET_CHECK, [name, *_options(found, keys, _CHECK)])


def _line(spec: MagicSpec[Any], words: list[str]) -> str:
    line = " ".join(words)
    try:
        parse_header(line, spec)
    except DagbookError as error:
        raise Inexact(error.title) from None
    return f"{spec.magic} {line}"


def _key(found: Decorated) -> str:
    options = found.options
    if "key" in options:
        parts = _texts(options["key"])
    else:
        prefix = _texts(options["key_prefix"]) if "key_prefix" in options else []
        name = _text(options["name"]) if "name" in options else found.function.name
        parts = [*prefix, name]
    if not all(part.isidentifier() for part in parts):
        raise Inexact("its key is no plain name")
    return "/".join(parts)


Option = Callable[[ast.expr, Keys], list[str]]


def _options(found: Decorated, keys: Keys, known: Mapping[str, Option]) -> list[str]:
    words: list[str] = []
    for name, value in found.options.items():
        if name not in known:
            raise Inexact(f"`{name}` has no option of the magic")
        words += known[name](value, keys)
    return words


def _quoted(text: str) -> str:
    """The word in quotes where it needs them."""
    if not text or "\n" in text or "{" in text or ('"' in text and "'" in text):
        raise Inexact(f"{text!r} can't stand in a header")
    if text.replace("_", "").replace("/", "").replace(".", "").replace("@", "").isalnum():
        return text
    return f'"{text}"' if '"' not in text else f"'{text}'"


def _pair(flag: str, *values: str) -> list[str]:
    return [flag, *map(_quoted, values)] if values else []


def _text(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise Inexact("an option is no plain text")


def _texts(node: ast.expr) -> list[str]:
    """Texts in a list, a set or a tuple, or one; a key that is spelled out."""
    match node:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return [_text(part) for part in parts]
        case ast.Call(func=ast.Name(id="AssetKey") | ast.Attribute(attr="AssetKey"), args=[key]):
            return _texts(key)
    return [_text(node)]


def _one(flag: str) -> Option:
    return lambda node, _keys: _pair(flag, _text(node))


def _many(flag: str) -> Option:
    return lambda node, _keys: [word for text in _texts(node) for word in _pair(flag, text)]


def _flag(flag: str) -> Option:
    def words(node: ast.expr, _keys: Keys) -> list[str]:
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return [flag] if node.value else []
        raise Inexact(f"{flag} is not plainly on or off")

    return words


def _number(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return str(node.value)
    raise Inexact("an option is no plain number")


def _nothing(_node: ast.expr, _keys: Keys) -> list[str]:
    return []


def _deps(node: ast.expr, keys: Keys) -> list[str]:
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        raise Inexact("its `deps` are not listed")
    return _pair("--deps", *[_asset(part, keys) for part in node.elts])


def _asset(node: ast.expr, keys: Keys) -> str:
    """The key of an asset that is named by its variable or by its key."""
    if isinstance(node, ast.Name):
        if node.id not in keys:
            raise Inexact(f"`{node.id}` is no asset of this page")
        return keys[node.id]
    return "/".join(_texts(node))


def _ins(node: ast.expr, _keys: Keys) -> list[str]:
    if not isinstance(node, ast.Dict):
        raise Inexact("its `ins` are not listed")
    words = []
    for name, value in zip(node.keys, node.values, strict=True):
        match value:
            case (
                ast.Call(
                    func=ast.Name(id="AssetIn") | ast.Attribute(attr="AssetIn"),
                    args=[key],
                    keywords=[],
                )
                | ast.Call(
                    func=ast.Name(id="AssetIn") | ast.Attribute(attr="AssetIn"),
                    args=[],
                    keywords=[ast.keyword(arg="key", value=key)],
                )
            ):
                words.append(f"{_text(name)}={'/'.join(_texts(key))}")
            case _:
                raise Inexact("its `ins` say more than a key")
    return _pair("--ins", *words)


def _tags(node: ast.expr, _keys: Keys) -> list[str]:
    if not isinstance(node, ast.Dict):
        raise Inexact("its `tags` are not listed")
    pairs = zip(node.keys, node.values, strict=True)
    return [
        word
        for name, value in pairs
        for word in _pair("--tag", f"{_text(name)}={_text(value)}" if _text(value) else _text(name))
    ]


def _retry(node: ast.expr, _keys: Keys) -> list[str]:
    match node:
        case ast.Call(
            func=ast.Name(id="RetryPolicy") | ast.Attribute(attr="RetryPolicy"),
            args=[],
            keywords=given,
        ) if {each.arg for each in given} <= {"max_retries", "delay"}:
            values = {each.arg: _number(each.value) for each in given}
            words = ["--retries", values.get("max_retries", "1")]
            return [*words, "--delay", values["delay"]] if "delay" in values else words
    raise Inexact("its retry policy says more than a number and a delay")


def _severity(node: ast.expr, _keys: Keys) -> list[str]:
    match node:
        case ast.Attribute(attr="WARN" | "ERROR" as level):
            return ["--severity", level.lower()]
    raise Inexact("its severity is not plainly said")


_ASSET: dict[str, Option] = {
    **dict.fromkeys(("name", "key", "key_prefix"), _nothing),
    "group_name": _one("--group"),
    "description": _one("--description"),
    "code_version": _one("--code-version"),
    "kinds": _many("--kind"),
    "owners": _many("--owner"),
    "reads": _many("--reads"),
    "deps": _deps,
    "ins": _ins,
    "tags": _tags,
    "retry_policy": _retry,
    "always": _flag("--always"),
    "max_age": lambda node, _keys: ["--max-age", _number(node)],
}
_CHECK: dict[str, Option] = {
    "name": _nothing,
    "asset": lambda node, keys: _pair("--asset", _asset(node, keys)),
    "blocking": _flag("--blocking"),
    "severity": _severity,
}
