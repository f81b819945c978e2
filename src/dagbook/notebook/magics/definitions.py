"""`%%asset` and `%%asset_check`: a cell becomes a definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from dagbook.cells.body import CellAnalysis, analyse
from dagbook.cells.define import (
    Running,
    checked_asset,
    key_from,
    python_asset,
    python_check,
)
from dagbook.cells.records import AssetCheckOptions, AssetOptions
from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Upkeep
from dagbook.definitions.injection import DEFAULT_MANAGER
from dagbook.definitions.keys import AssetKey, check_name
from dagbook.definitions.results import RetryPolicy
from dagbook.definitions.specs import DEFAULT_GROUP, AssetCheckSpec, AssetSpec
from dagbook.errors.notebook import UnknownCheckedName
from dagbook.later import later
from dagbook.notebook.defining import Defined, define_cell
from dagbook.notebook.face import Face
from dagbook.notebook.giving import provide_manager
from dagbook.notebook.hints import hints_for, only_shown, unwatched_files
from dagbook.notebook.reading import ReadCell, read_python, register
from dagbook.notebook.running import run_shown
from dagbook.notebook.session import NotebookSession
from dagbook.notebook.shown import tell
from dagbook.observation.external import ALWAYS, MAX_AGE, PATH, is_url, places_of

if TYPE_CHECKING:
    from dagbook.cells import define_sql
else:
    define_sql = later("dagbook.cells.define_sql")

# Stands for the asset of a check until its body has told which one it reads.
_UNTOLD = AssetKey("untold")


def asset(face: Face, options: AssetOptions, line: str, body: str) -> Defined:
    """Define the asset, bring it up to date if that is cheap, and show it."""
    key = key_from(options.name)
    face.session.refuse_reserved(key)
    if options.io is not None:
        provide_manager(face, options.io, str(key))
    definition: AssetsDefinition | AssetSpec
    notes: list[str] = []
    analysis: CellAnalysis | None = None
    if options.external:
        definition = external_spec(options, key, body)
        notes = _untracked(key, definition, options)
    elif options.sql:
        definition = _sql_asset(face, options, line, body, key)
    else:
        read = read_python(face, "asset", line, body)
        analysis = analyse(read.parsed, key.name, key=str(key))
        definition = _python_asset(face, options, key, read, analysis)
        notes = hints_for(face.session, definition, analysis, read.parsed.tree)
    defined = define_cell(
        face.session,
        definition,
        cell_id=face.cell_id,
        lazy=options.lazy,
        run=lambda wanted: run_shown(
            face, wanted, only=True, quiet=True, command=f"%%asset {options.name}"
        ),
        notes=notes,
    )
    if analysis is not None and isinstance(definition, AssetsDefinition):
        tell(only_shown(face.session, definition, analysis.value))
        tell(unwatched_files(face.session, definition, analysis.strings, options.reads))
    return defined


def asset_check(face: Face, options: AssetCheckOptions, line: str, body: str) -> Defined:
    """Define the check, judge its asset if that is up to date, and show the verdict."""
    check_name(options.name, "check")
    definition = _check(face, options, line, body)
    return define_cell(
        face.session,
        definition,
        cell_id=face.cell_id,
        lazy=False,
        run=lambda wanted: run_shown(
            face, wanted, only=True, quiet=True, command=f"%%asset_check {options.name}"
        ),
    )


def spec_of(options: AssetOptions, key: AssetKey) -> AssetSpec:
    """What the header declares, apart from the code."""
    kinds = {*options.kinds, *({"sql"} if options.sql else ())}
    return AssetSpec(
        key,
        deps=tuple([key_from(dep) for dep in options.deps]),
        description=options.description,
        group_name=options.group or DEFAULT_GROUP,
        kinds=frozenset(kinds),
        tags=dict(options.tags),
        owners=options.owners,
        code_version=options.code_version,
        io_manager_key=options.io or DEFAULT_MANAGER,
    )


def external_spec(options: AssetOptions, key: AssetKey, body: str) -> AssetSpec:
    """An asset that is made elsewhere: `--reads` and the lines of the cell say where it is."""
    lines = (line.strip() for line in body.splitlines())
    places = [*options.reads, *(line for line in lines if line and not line.startswith("#"))]
    metadata: dict[str, object] = {}
    if places:
        metadata[PATH] = places[0] if len(places) == 1 else places
    if options.max_age is not None:
        metadata[MAX_AGE] = options.max_age
    if options.always:
        metadata[ALWAYS] = True
    return replace(spec_of(options, key), metadata=metadata)


def _untracked(key: AssetKey, spec: AssetSpec, options: AssetOptions) -> list[str]:
    """What of an external asset can't be looked at."""
    urls = [one for one in places_of(spec.metadata) if is_url(one)]
    if not urls or options.always or options.max_age is not None:
        return []
    return [
        f"{', '.join(urls)} is untracked: `--max-age 1h` or `--always` says when "
        f"what reads `{key}` is to run again."
    ]


def _python_asset(
    face: Face, options: AssetOptions, key: AssetKey, read: ReadCell, analysis: CellAnalysis
) -> AssetsDefinition:
    return python_asset(
        read.parsed,
        analysis,
        spec_of(options, key),
        ins={name: key_from(other) for name, other in options.ins},
        upkeep=upkeep_of(options),
        namespace=face.session.namespace,
        origin=read.origin,
        running=running_of(options, in_kernel=read.in_kernel),
    )


def _sql_asset(
    face: Face, options: AssetOptions, line: str, body: str, key: AssetKey
) -> AssetsDefinition:
    _, origin = register(face, "asset", line, body, "sql")
    return define_sql.sql_asset(
        body,
        spec_of(options, key),
        ins={name: key_from(other) for name, other in options.ins},
        upkeep=upkeep_of(options),
        namespace=face.session.namespace,
        origin=origin,
        running=running_of(options),
        consumers_get=options.consumers_get or "pandas",
    )


def upkeep_of(options: AssetOptions) -> Upkeep:
    """When the asset counts as up to date."""
    return Upkeep(
        reads=options.reads, always=options.always, max_age=options.max_age, lazy=options.lazy
    )


def running_of(options: AssetOptions, *, in_kernel: bool = False) -> Running:
    """How its body is run."""
    policy = None
    if options.retries is not None:
        policy = RetryPolicy(max_retries=options.retries, delay=options.delay or 0.0)
    return Running(retry_policy=policy, timeout=options.timeout, in_kernel=in_kernel)


def _check(face: Face, options: AssetCheckOptions, line: str, body: str) -> AssetChecksDefinition:
    """The check's definition; the asset that it judges is the only one it reads, if not declared."""
    severity = (options.severity or "error").upper()
    make = _check_maker(face, options, line, body, severity)
    if options.asset is not None:
        return make(_check_spec(options, key_from(options.asset)))
    draft = make(_check_spec(options, _UNTOLD))
    return make(_check_spec(options, _only_asset(face.session, options.name, draft)))


def _check_maker(
    face: Face, options: AssetCheckOptions, line: str, body: str, severity: str
) -> Callable[[AssetCheckSpec], AssetChecksDefinition]:
    namespace = face.session.namespace
    if options.sql:
        _, origin = register(face, "asset_check", line, body, "sql")
        return partial(
            define_sql.sql_check, body, severity=severity, namespace=namespace, origin=origin
        )
    read = read_python(face, "asset_check", line, body)
    return partial(
        python_check, read.parsed, severity=severity, namespace=namespace, origin=read.origin
    )


def _only_asset(session: NotebookSession, name: str, definition: AssetChecksDefinition) -> AssetKey:
    reads = [
        key
        for candidate in sorted(definition.candidates)
        if (key := session.key_named(candidate)) is not None
    ]
    found = checked_asset(None, reads, name)
    if found is None:
        raise UnknownCheckedName(check=name, reads=tuple(map(str, reads)))
    return found


def _check_spec(options: AssetCheckOptions, target: AssetKey) -> AssetCheckSpec:
    return AssetCheckSpec(name=options.name, asset=target, blocking=options.blocking)
