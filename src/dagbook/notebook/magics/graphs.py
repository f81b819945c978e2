"""`%%multi_asset`, `%%op`, `%%graph_asset` and `%%graph_multi_asset`: computations of several parts."""

from __future__ import annotations

from dagbook.cells.define import Running, key_from
from dagbook.cells.define_ops import (
    graph_asset_of,
    multi_asset_of,
    python_op,
    read_signature,
)
from dagbook.cells.records import (
    GraphAssetOptions,
    GraphMultiAssetOptions,
    MultiAssetOptions,
    OpOptions,
)
from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.keys import AssetKey, check_name
from dagbook.definitions.ops import ONE_OUTPUT, OpOutput
from dagbook.definitions.results import RetryPolicy
from dagbook.definitions.specs import DEFAULT_GROUP, AssetSpec
from dagbook.errors.definitions import InvalidDefinition
from dagbook.errors.execution import BodyExited
from dagbook.notebook.defining import Defined, define_cell
from dagbook.notebook.face import BuiltGraph, Face
from dagbook.notebook.reading import read_python
from dagbook.notebook.running import run_shown
from dagbook.notebook.shown import Shown, sentences_shown
from dagbook.notebook.tracebacks import show_users_frames
from dagbook.records import dataclass
from dagbook.views.states import state_word


def multi_asset(face: Face, options: MultiAssetOptions, line: str, body: str) -> Defined:
    """Define the assets, bring them up to date if that is cheap, and show them."""
    specs = _specs(face, options.names, options.group)
    read = read_python(face, "multi_asset", line, body)
    definition = multi_asset_of(
        read.parsed,
        specs,
        can_subset=options.can_subset,
        namespace=face.session.namespace,
        origin=read.origin,
        running=_running(options.retries, options.delay, in_kernel=read.in_kernel),
    )
    return _defined(face, definition, options.lazy, f"%%multi_asset {options.names}")


def op(face: Face, options: OpOptions, line: str, body: str) -> Shown:
    """Make the op a name of the notebook, and put the graphs together anew that use it."""
    signature = read_signature(options.signature.strip(), face.session.namespace, face.where)
    read = read_python(face, "op", line, body)
    face.session.namespace[signature.name] = python_op(
        read.parsed,
        signature,
        tuple([_output(name) for name in options.out]) or ONE_OUTPUT,
        namespace=face.session.namespace,
        origin=read.origin,
        running=_running(options.retries, options.delay, in_kernel=read.in_kernel),
        description=options.description,
    )
    again = _rebuild(face, signature.name)
    assets = face.workspace.standing().assets if again else {}
    standing = ", ".join(f"`{key}` ({state_word(assets.get(key))})" for key in again)
    used = f" Assets that use it: {standing}." if again else ""
    return sentences_shown([f"Op {signature.name} is defined.{used}"])


def graph_asset(face: Face, options: GraphAssetOptions, line: str, body: str) -> Defined:
    """Put the asset together of ops, bring it up to date if that is cheap, and show it."""
    specs = _specs(face, options.names, options.group)
    if len(specs) > 1:
        raise InvalidDefinition(
            name="%%graph_asset",
            problem=f"`{options.names}` are several names",
            remedy="Use %%graph_multi_asset.",
        )
    cell = _Cell("graph_asset", options.names, line, body)
    return _graph(face, cell, specs, can_subset=False, lazy=options.lazy)


def graph_multi_asset(face: Face, options: GraphMultiAssetOptions, line: str, body: str) -> Defined:
    """Put the assets together of ops, bring them up to date if that is cheap, and show them."""
    specs = _specs(face, options.names, options.group)
    cell = _Cell("graph_multi_asset", options.names, line, body)
    return _graph(face, cell, specs, can_subset=options.can_subset, lazy=options.lazy)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell that defines assets: its magic, the names that it gives, its line and its body."""

    magic: str
    names: str
    line: str
    body: str


def _graph(
    face: Face, cell: _Cell, specs: list[AssetSpec], *, can_subset: bool, lazy: bool
) -> Defined:
    read = read_python(face, cell.magic, cell.line, cell.body)
    own = {spec.key for spec in specs}

    def is_asset(name: str) -> AssetKey | None:
        key = face.session.key_named(name)
        return None if key in own else key

    def build() -> tuple[AssetsDefinition, frozenset[str]]:
        return graph_asset_of(
            read.parsed,
            specs,
            can_subset=can_subset,
            namespace=face.session.namespace,
            origin=read.origin,
            is_asset=is_asset,
        )

    try:
        definition, ops = build()
    except SystemExit as ended:
        raise BodyExited(name=cell.names, code=ended.code) from None
    except Exception as error:
        show_users_frames(face.shell, error)
        raise
    face.built[definition.keys] = BuiltGraph(build, ops)
    return _defined(face, definition, lazy, f"%%{cell.magic} {cell.names}")


def _rebuild(face: Face, op_name: str) -> list[AssetKey]:
    """Put the graphs together anew that use an op of this name; gives their assets."""
    again: list[AssetKey] = []
    graph = face.workspace.graph
    for keys, built in list(face.built.items()):
        known = [key for key in keys if key in graph and graph.node(key).definition is not None]
        if op_name in built.ops and known:
            definition, _ = built.build()
            face.workspace.define(definition)
            again += keys
    return again


def _defined(face: Face, definition: AssetsDefinition, lazy: bool, command: str) -> Defined:
    return define_cell(
        face.session,
        definition,
        cell_id=face.cell_id,
        lazy=lazy,
        run=lambda wanted: run_shown(face, wanted, only=True, quiet=True, command=command),
    )


def _specs(face: Face, names: str, group: str | None) -> list[AssetSpec]:
    keys = [key_from(name) for name in names.replace(",", " ").split()]
    for key in keys:
        face.session.refuse_reserved(key)
    return [AssetSpec(key, group_name=group or DEFAULT_GROUP) for key in keys]


def _output(name: str) -> OpOutput:
    plain = name.removesuffix("?")
    return OpOutput(check_name(plain, "output"), required=plain == name)


def _running(retries: int | None, delay: float | None, *, in_kernel: bool) -> Running:
    policy = None if retries is None else RetryPolicy(max_retries=retries, delay=delay or 0.0)
    return Running(retry_policy=policy, in_kernel=in_kernel)
