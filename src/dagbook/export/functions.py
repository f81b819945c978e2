"""The cell of an asset or a check as a decorated function."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dagbook.cells.body import CONTEXT, CellAnalysis, analyse
from dagbook.cells.define import with_verdict
from dagbook.cells.magics import ASSET, ASSET_CHECK
from dagbook.cells.options import leading_options, parse_header
from dagbook.cells.parsing import ParsedBody, parse_body
from dagbook.cells.records import AssetCheckOptions, AssetOptions
from dagbook.cells.sql import parse_query
from dagbook.cells.value import Gives
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import OpDefinition
from dagbook.definitions.specs import DEFAULT_GROUP, AssetSpec
from dagbook.errors.base import DagbookError, Place
from dagbook.errors.render import NotPlainPython
from dagbook.export.indenting import indented, with_return
from dagbook.export.readers import Readers, lent
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import Input
from dagbook.records import dataclass

# What bodies may call that is no public name, and where it comes from.
BROUGHT = {"query": "dagbook.export.queries"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A definition as Python: the name that it is bound to, its text, the public names it uses.

    `listed`: it is an asset or a check, and no part of one. `early`: the names of the module that
    its body reads and binds anew.
    """

    name: str
    text: str
    uses: frozenset[str]
    listed: bool = True
    early: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefiningCell:
    """A cell that begins with a magic: its name, the rest of that line, the body.

    `readers`: the functions and classes of other cells that read assets by their names.
    """

    magic: str
    line: str
    body: str
    place: Place
    readers: Readers


def asset_function(cell: DefiningCell, graph: AssetGraph, taken: frozenset[str]) -> Written:
    """A `%%asset` cell as a decorated function; `taken` are names that other code binds.

    Raises NotPlainPython for what means nothing without Jupyter.
    """
    options = parse_header(cell.line, ASSET, body=leading_options(cell.body))
    if not isinstance(options, AssetOptions):
        raise NotPlainPython(place=cell.place, problem="it only shows help")
    key = AssetKey.from_user_string(options.name)
    node = graph.node(key)
    name = key.name if key.name not in taken else f"{key.name}_asset"
    if options.external:
        text = f"{name} = AssetSpec({_external(node.spec)})"
        uses = frozenset({"AssetSpec", *(("AssetKey",) if "AssetKey(" in text else ())})
        return Written(name=name, text=text, uses=uses)
    words = {**_asset_words(options, key, name), **_needed(node.op)}
    inputs = inputs_of(node.inputs, cell)
    early: tuple[str, ...] = ()
    words |= ins_of(inputs, key)
    if options.sql:
        words["kinds"] = {*options.kinds, "sql"}
        # A query of the clock or of chance, which is never fresh.
        words |= {"always": True} if getattr(node.op and node.op.fn, "moments", ()) else {}
        body = _query(cell, inputs, options.consumers_get or "pandas")
    else:
        body, early = _python(cell, key.name, inputs)
    head = decorator("asset", words)
    takes_context = node.op is not None and node.op.takes_context
    text = f"{head}\n{def_of(body, name, _parameters(inputs, takes_context))}"
    return Written(name=name, text=text, uses=_uses(head, "asset", body), early=early)


def check_function(cell: DefiningCell, graph: AssetGraph, taken: frozenset[str]) -> Written:
    """A `%%asset_check` cell as a decorated function."""
    options = parse_header(cell.line, ASSET_CHECK, body=leading_options(cell.body))
    if not isinstance(options, AssetCheckOptions):
        raise NotPlainPython(place=cell.place, problem="it only shows help")
    node = next(
        each
        for key, each in graph.checks.items()
        if key.name == options.name and each.definition.op.origin.where == cell.place.where
    )
    target = node.key.asset_key
    inputs = inputs_of(node.inputs, cell)
    early: tuple[str, ...] = ()
    others = [each for each in inputs if each.key != target]
    words: dict[str, Any] = {"asset": target, "name": options.name, **_needed(node.op)}
    if others:
        words["additional_ins"] = {each.name: each.key for each in others}
    if options.blocking:
        words["blocking"] = True
    if options.severity == "warn":
        words["severity"] = Verbatim("AssetCheckSeverity.WARN")
    name = options.name if options.name not in taken else f"{options.name}_check"
    if name == options.name:
        del words["name"]
    if options.sql:
        body = _query(cell, inputs, "pandas", rows=True)
    else:
        body, early = _python(cell, options.name, inputs, check=True)
    head = decorator("asset_check", words)
    text = f"{head}\n{def_of(body, name, _parameters(inputs, node.op.takes_context))}"
    return Written(name=name, text=text, uses=_uses(head, "asset_check", body), early=early)


# --- the decorator


@dataclass(frozen=True, slots=True)
class Verbatim:
    """An expression that stands as it is."""

    text: str


def _asset_words(options: AssetOptions, key: AssetKey, name: str) -> dict[str, Any]:
    """The options that are set, by the names that the decorator has for them."""
    own = {"key": key} if len(key.path) > 1 else {"name": key.name} if name != key.name else {}
    retry = Verbatim(f"RetryPolicy(max_retries={options.retries}, delay={options.delay or 0.0!r})")
    words = {
        **own,
        "deps": [AssetKey.from_user_string(dep) for dep in options.deps],
        "group_name": options.group,
        "kinds": set(options.kinds),
        "tags": dict(options.tags),
        "owners": list(options.owners),
        "description": options.description,
        "reads": list(options.reads),
        "retry_policy": retry if options.retries is not None else None,
        "timeout": options.timeout,
        "io_manager_key": options.io,
        "code_version": options.code_version,
        "always": options.always,
        "max_age": options.max_age,
    }
    return {word: value for word, value in words.items() if not _unset(value)}


def _unset(value: Any) -> bool:
    return value is None or value is False or value in ([], {}, set())


def _needed(op: OpDefinition | None) -> dict[str, Any]:
    """The resources that a body asks its context for."""
    names = set(op.needs.names) if op is not None else set()
    return {"required_resource_keys": names} if names else {}


def _external(spec: AssetSpec) -> str:
    words = {
        "deps": list(spec.deps),
        "group_name": spec.group_name if spec.group_name != DEFAULT_GROUP else None,
        "description": spec.description,
        "kinds": set(spec.kinds),
        "tags": dict(spec.tags),
        "owners": list(spec.owners),
        "metadata": dict(spec.metadata),
    }
    given = [f"{word}={_value(word, value)}" for word, value in words.items() if value]
    return ", ".join([_literal(spec.key), *given])


def ins_of(inputs: Sequence[Input], key: AssetKey) -> dict[str, Any]:
    """What the parameters do not say by their names alone."""
    told = {
        each.name: each.key for each in inputs if len(key.path) > 1 or each.key.path != (each.name,)
    }
    return {"ins": told} if told else {}


def decorator(name: str, words: Mapping[str, Any]) -> str:
    """The decorator's line, or lines where it would be too long; words by their names."""
    if not words:
        return f"@{name}"
    given = [f"{word}={_value(word, value)}" for word, value in words.items()]
    line = f"@{name}({', '.join(given)})"
    return line if len(line) <= 100 else f"@{name}(\n    " + ",\n    ".join(given) + ",\n)"


def _value(word: str, value: Any) -> str:
    if word in ("ins", "additional_ins"):
        return f"{{{', '.join(f'{n!r}: AssetIn({_literal(k)})' for n, k in value.items())}}}"
    if word == "deps":
        return f"[{', '.join(map(_literal, value))}]"
    return _literal(value)


def _literal(value: Any) -> str:
    if isinstance(value, Verbatim):
        return value.text
    if isinstance(value, AssetKey):
        return repr(value.name) if len(value.path) == 1 else f"AssetKey({list(value.path)!r})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name!r}: {_literal(one)}' for name, one in value.items())}}}"
    if isinstance(value, set):
        return f"{{{', '.join(sorted(map(repr, value)))}}}"
    return repr(value)


def _uses(head: str, own: str, body: str) -> frozenset[str]:
    public = ("AssetIn", "AssetKey", "RetryPolicy", "AssetCheckSeverity")
    found = {name for name in public if f"{name}(" in head or f"{name}." in head}
    return frozenset({own, *found, *[name for name in BROUGHT if f"{name}(" in body]})


# --- the function


def inputs_of(inputs: Sequence[Input], cell: DefiningCell) -> list[Input]:
    """The inputs; raises NotPlainPython for one that is read by its name and by no reader."""
    for each in inputs:
        if each.via is not None and each.via.partition(".")[0] not in cell.readers:
            raise NotPlainPython(
                place=cell.place,
                problem=f"it reads the asset {each.key} through {each.via}(), which only a notebook "
                f"can do: pass {each.name} to it",
            )
    return list(inputs)


def _parameters(inputs: Sequence[Input], takes_context: bool) -> str:
    names = [each.name for each in inputs]
    return ", ".join(([CONTEXT] if takes_context and CONTEXT not in names else []) + names)


def def_of(body: str, name: str, parameters: str) -> str:
    """The function with this body."""
    kind = "async def" if _awaits(body) else "def"
    return f"{kind} {name}({parameters}):\n{indented(body)}"


def _awaits(body: str) -> bool:
    tree = ast.parse(f"async def f():\n{indented(body)}")
    outer = tree.body[0]
    found = (ast.Await, ast.AsyncFor, ast.AsyncWith)
    todo = list(ast.iter_child_nodes(outer))
    while todo:
        node = todo.pop()
        if isinstance(node, found):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)
    return False


def _python(
    cell: DefiningCell, name: str, inputs: Sequence[Input], *, check: bool = False
) -> tuple[str, tuple[str, ...]]:
    """The body, which hands its value back by `return`, and the names that it reads early."""
    text = without_options(cell.body)
    try:
        parsed = parse_body(text, 1, where=cell.place.where)
        analysis = analyse(with_verdict(parsed) if check else parsed, name)
    except DagbookError as error:
        problem = error.title if error.title != cell.place.where else str(error).splitlines()[-1]
        raise NotPlainPython(place=cell.place, problem=problem) from None
    first, early = beginning(cell, analysis, inputs)
    return with_first(first, _valued(parsed, analysis, check).strip("\n")), early


def with_first(lines: Sequence[str], body: str) -> str:
    """The body with these lines at its begin, below its docstring."""
    below = 0
    match ast.parse(body).body:
        case [ast.Expr(value=ast.Constant(value=str()), end_lineno=int(last)), *_]:
            below = last
    given = body.split("\n")
    return "\n".join([*given[:below], *lines, *given[below:]])


def beginning(
    cell: DefiningCell,
    analysis: CellAnalysis,
    inputs: Sequence[Input],
    own: Collection[str] = (),
) -> tuple[list[str], tuple[str, ...]]:
    """The lines that give names their values before the body, and which of them the module has.

    `own`: other names than inputs that are the body's own.
    """
    own = {CONTEXT, *own, *(each.name for each in inputs)}
    rebound = analysis.reads.assigned.intersection(analysis.reads.first).difference(own)
    early = tuple(sorted(rebound - cell.readers.keys()))
    lines = [f"{name} = {of_module(name)}()" for name in early]
    lines += lent(analysis.reads.names, cell.readers, inputs, cell.place)
    return lines, early


def of_module(name: str) -> str:
    """What the function is called that gives the module's value of a name that a body binds anew."""
    return f"{name}_of_module"


def _valued(parsed: ParsedBody, analysis: CellAnalysis, check: bool) -> str:
    text, form = parsed.text, analysis.value
    if check and parsed.tree.body and isinstance(parsed.tree.body[-1], ast.Assert):
        return f"{text.rstrip()}\nreturn True"
    if form.gives is Gives.EXPRESSION:
        return with_return(text)
    if form.gives is Gives.NAME:
        return f"{text.rstrip()}\nreturn {form.name}"
    return text


def _query(cell: DefiningCell, inputs: Sequence[Input], form: str, *, rows: bool = False) -> str:
    """The call that runs the query; tables and scalars that are no inputs are the module's."""
    text = without_options(cell.body)
    analysis = parse_query(text, name="query", where=cell.place.where)
    names = [each.name for each in inputs]
    names += [table.name for table in analysis.tables if table.name not in names]
    names += [name for name in analysis.placeholders if name not in names]
    arguments = [_text_literal(text.strip("\n"))]
    arguments += [repr(form)] if form != "pandas" else []
    arguments += [f"{name}={name}" for name in names]
    return f"return query({', '.join(arguments)}){'.value' if rows else ''}"


def _text_literal(text: str) -> str:
    """The query on lines of its own, where no sign of it would end the text or be read as another."""
    plain = "\\" not in text and '"""' not in text and not text.endswith('"')
    return f'"""\n{text}\n"""' if plain else repr(text)


def without_options(body: str) -> str:
    """A cell's body without the lines that are options."""
    numbers = {option.number for option in leading_options(body)}
    return "\n".join(
        line for number, line in enumerate(body.split("\n"), 1) if number not in numbers
    )
