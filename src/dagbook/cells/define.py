"""From a parsed body to the definition that joins the graph."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache, partial
from typing import Any

from dagbook.cells.body import CONTEXT, CellAnalysis, analyse
from dagbook.cells.compiler import compile_body
from dagbook.cells.parsing import TEXTS_KEPT, TREES_KEPT, ParsedBody
from dagbook.cells.value import Gives
from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Upkeep
from dagbook.definitions.injection import NO_NEEDS, needs_of
from dagbook.definitions.keys import AssetKey, check_name
from dagbook.definitions.ops import OpDefinition, Parameter
from dagbook.definitions.origin import Origin
from dagbook.definitions.results import RetryPolicy
from dagbook.definitions.specs import AssetCheckSpec, AssetSpec
from dagbook.errors.cells import NoValue, NoVerdict
from dagbook.records import dataclass
from dagbook.versions.canonical import canonical
from dagbook.versions.source import remember_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """How a body is run: again after failures, at most so long (in seconds), only in the kernel."""

    retry_policy: RetryPolicy | None = None
    timeout: float | None = None
    in_kernel: bool = False


PLAIN = Running()


def key_from(name: str) -> AssetKey:
    """The key that a magic's argument names: `raw/flights` is a path; raises InvalidName."""
    key = AssetKey.from_user_string(name)
    for part in key.path:
        check_name(part, "asset")
    return key


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PythonBody:
    """A parsed Python body that is compiled anew for each set of names that turn out to be assets."""

    parsed: ParsedBody
    analysis: CellAnalysis
    key: str
    namespace: dict[str, Any] = field(repr=False)
    origin: Origin
    running: Running = PLAIN

    @property
    def candidates(self) -> frozenset[str]:
        """The names that may turn out to be assets."""
        return self.analysis.reads.names - {CONTEXT}

    def bind(self, inputs: tuple[str, ...]) -> OpDefinition:
        """The op whose parameters are these names."""
        fn = compile_body(
            self.parsed, self.analysis, inputs, namespace=self.namespace, key=self.key, capture=True
        )
        form = self.analysis.value
        remember_source(
            fn.__code__,
            partial(_form, self.parsed),
            self.parsed.source,
            where=self.origin.where,
            # Two assets of one text differ where the local of the asset's own name is the value.
            means=f"{form.gives.name} {form.name}" if form.gives is Gives.NAME else "",
        )
        return OpDefinition(
            name=self.analysis.name,
            fn=fn,
            ins=tuple([Parameter(name) for name in inputs]),
            takes_context=self.analysis.uses_context,
            needs=needs_of((), _resources(self.parsed)) if self.analysis.uses_context else NO_NEEDS,
            retry_policy=self.running.retry_policy,
            timeout=self.running.timeout,
            in_kernel=self.running.in_kernel,
            origin=self.origin,
        )


@lru_cache(maxsize=TREES_KEPT)
def _form(parsed: ParsedBody) -> bytes:
    """The canonical form of a body, whichever names are its parameters; a string at its end is its value."""
    return canonical(parsed.tree, keep_last=True)


@lru_cache(maxsize=TEXTS_KEPT)
def _resources(parsed: ParsedBody) -> frozenset[str]:
    """The resources that a body asks its context for: NAME in `context.resources.NAME`."""
    found = set()
    for node in ast.walk(parsed.tree):
        match node:
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=name), attr="resources"), attr=resource
            ) if name == CONTEXT:
                found.add(resource)
    return frozenset(found)


def python_asset(
    parsed: ParsedBody,
    analysis: CellAnalysis,
    spec: AssetSpec,
    *,
    ins: Mapping[str, AssetKey],
    upkeep: Upkeep,
    namespace: dict[str, Any],
    origin: Origin,
    running: Running = PLAIN,
) -> AssetsDefinition:
    """The asset that a Python body makes; its description is its first string literal, if undeclared."""
    body = PythonBody(
        parsed=parsed,
        analysis=analysis,
        key=str(spec.key),
        namespace=namespace,
        origin=origin,
        running=running,
    )
    return AssetsDefinition(
        op=body.bind(tuple(ins)),
        specs=(described(spec, analysis.description),),
        ins=ins,
        key_prefix=spec.key.path[:-1],
        candidates=body.candidates,
        bind=body.bind,
        strict_deps=True,
        upkeep=upkeep,
    )


def python_check(
    parsed: ParsedBody,
    spec: AssetCheckSpec,
    *,
    severity: str,
    namespace: dict[str, Any],
    origin: Origin,
) -> AssetChecksDefinition:
    """The check that a Python body makes; an `assert` in it is a verdict, so that it needs no value.

    Raises an error of `errors.cells`, or DefinitionFaults with all of them.
    """
    judging = with_verdict(parsed)
    try:
        analysis = analyse(judging, spec.name, key=spec.name)
    except NoValue as error:
        raise NoVerdict(place=error.place, check=spec.name) from None
    body = PythonBody(
        parsed=judging,
        analysis=analysis,
        key=str(spec.key),
        namespace=namespace,
        origin=origin,
    )
    return AssetChecksDefinition(
        op=body.bind(()),
        specs=(spec,),
        candidates=body.candidates,
        bind=body.bind,
        severity=severity,
    )


def with_verdict(parsed: ParsedBody) -> ParsedBody:
    """A check's body of assertions passes where they hold: it then needs no value of its own."""
    body = parsed.tree.body
    if not body or isinstance(body[-1], (ast.Expr, ast.Return)) or not _asserts(body):
        return parsed
    return replace(parsed, ending="return True")


def _asserts(body: Iterable[ast.AST]) -> bool:
    """Whether there is an assertion among these statements, or in what they hold."""
    return any(
        isinstance(node, ast.Assert)
        or (not isinstance(node, _APART) and _asserts(ast.iter_child_nodes(node)))
        for node in body
    )


# Their statements run elsewhere, or never.
_APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)


def described(spec: AssetSpec, description: str | None) -> AssetSpec:
    """The spec with this description, where it has none of its own."""
    if spec.description is not None or description is None:
        return spec
    return replace(spec, description=description)


def checked_asset(declared: str | None, reads: Sequence[AssetKey], name: str) -> AssetKey | None:
    """The asset that a check judges: the declared one, or the only one that it reads; else None."""
    if declared is not None:
        return key_from(declared)
    return reads[0] if len(reads) == 1 else None
