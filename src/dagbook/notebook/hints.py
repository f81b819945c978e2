"""Warnings about what a body reads without being seen: text that names assets, files, derived variables."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from types import CodeType, ModuleType

from dagbook.cells.body import CellAnalysis
from dagbook.cells.strings import StringLiteral, mentioned_files, mentioned_keys
from dagbook.cells.value import ValueForm
from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.events.records import Materialization
from dagbook.io.stamps import stamp_of
from dagbook.notebook.kinds import is_a
from dagbook.notebook.session import NotebookSession
from dagbook.versions.bytecode import nested_codes

_CLOCK = frozenset({"now", "utcnow", "today", "time_ns"})
# By how much, in seconds, the clock of a file system may be behind.
_COARSE = 0.01
# What of pyplot leaves nothing to be shown, or is meant for a file.
_NOT_SHOWN = frozenset({"close", "savefig"})
# Bytes that None takes.
_NONE = 4
_GENERATORS = frozenset({"default_rng", "RandomState", "Random", "Generator"})
_SEEDED = _GENERATORS | {"seed"}
_RANDOM = frozenset({"numpy", "random"})
# By which name a seed is given to what draws a sample.
_OF_SAMPLES = frozenset({"random_state", "seed"})


def hints_for(
    session: NotebookSession,
    definition: AssetsDefinition,
    analysis: CellAnalysis,
    tree: ast.Module,
) -> list[str]:
    """The sentences for one asset's body, which is `tree` when parsed."""
    return [
        *_beside_variables(session, definition),
        *_assets_in_text(session, definition, analysis.strings),
        *_derived(session, definition),
        *_by_chance(session, definition, tree),
        *_of_its_variable(session, definition, analysis.value),
    ]


def _of_its_variable(
    session: NotebookSession, definition: AssetsDefinition, value: ValueForm
) -> Iterator[str]:
    """The value is what the body ends with, and not its variable of that name: once for each text."""
    note = (
        f"`{definition.keys[0]}` is what the last line gives, and not the variable `{value.name}` of "
        f"this body: end with `{value.name}` to keep that."
    )
    if value.hides_local and session.once(f"{note} {session.source}"):
        yield note


def _by_chance(
    session: NotebookSession, definition: AssetsDefinition, tree: ast.Module
) -> Iterator[str]:
    """What the body asks of chance or of the clock: told once for each asset."""
    code = getattr(definition.op.fn, "__code__", None)
    if not isinstance(code, CodeType):
        return
    names = {name for inner in nested_codes(code) for name in inner.co_names}
    key, generators = definition.keys[0], list(_generators(session, definition))
    for name in generators:
        note = (
            f"`{key}` draws from `{name}`, and each draw changes `{name}`: so it is stale as "
            f"soon as it has run. Make `{name}` in the body, with a seed."
        )
        if session.once(note):
            yield note
    chance = not generators and "random" in names and not names & _SEEDED
    asked = ["random numbers without a seed"] * (chance or _unseeded(tree, names))
    asked += ["the time"] * bool(names & _CLOCK)
    note = (
        f"`{key}` asks for {' and '.join(asked)}: a run does not give the same "
        "again, and it is kept as it is until something else changes."
    )
    if asked and session.once(note):
        yield note


def _generators(session: NotebookSession, definition: AssetsDefinition) -> Iterator[str]:
    """The generators of random numbers that the body has from the notebook."""
    for name in sorted(definition.candidates & session.namespace.keys()):
        kind = type(session.namespace[name])
        if kind.__name__ in _GENERATORS and kind.__module__.partition(".")[0] in _RANDOM:
            yield name


def _unseeded(tree: ast.Module, names: set[str]) -> bool:
    """Whether the body makes a generator, or draws a sample, without a seed of its own."""
    if not names & (_GENERATORS | {"sample"}):
        return False
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        called = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if called in _GENERATORS and not call.args and not call.keywords:
            return True
        # A keyword without a name is `**options`, which may hold a seed.
        given = {keyword.arg for keyword in call.keywords}
        method = called == "sample" and isinstance(call.func, ast.Attribute)
        if method and "seed" not in names and not given & (_OF_SAMPLES | {None}):
            return True
    return False


def _beside_variables(session: NotebookSession, definition: AssetsDefinition) -> Iterator[str]:
    """Assets that the body reads although the notebook has a variable of the name, or the other way
    round: told once."""
    for name in sorted(definition.candidates & session.namespace.keys()):
        value = session.namespace[name]
        bound = is_a(value, (AssetsDefinition, AssetChecksDefinition))
        others = [key for key in session.workspace.graph.named(name) if key not in definition.keys]
        note = f"`{name}` is the asset in this body, and not your variable of that name."
        if others and not bound and session.once(note):
            yield note
        if others or name in definition.ins or not is_a(value, AssetsDefinition):
            continue
        meant = value.keys[0]
        note = f"`{name}` is the definition of `{meant}` in this body: `--ins {name}={meant}` gives its value."
        if meant not in definition.keys and session.once(note):
            yield note


def _assets_in_text(
    session: NotebookSession, definition: AssetsDefinition, literals: Iterable[StringLiteral]
) -> Iterator[str]:
    graph = session.workspace.graph
    own = {str(key) for key in definition.keys}
    keys = {str(key) for key, node in graph.nodes.items() if node.declared} - own
    inputs = {str(graph.named(name)[0]) for name in definition.candidates if graph.named(name)}
    inputs.update(str(dep) for spec in definition.specs for dep in spec.deps)
    # A text that is a key and nothing else is most often the label of a column.
    longer = [literal for literal in literals if literal.text.strip() not in keys]
    for mention in mentioned_keys(longer, keys, inputs):
        yield (
            f"The text on line {mention.literal.at.line} names `{mention.key}`, which is an asset "
            f"and no input here: `--deps {mention.key}` makes it one."
        )


def only_shown(
    session: NotebookSession, definition: AssetsDefinition, value: ValueForm
) -> Iterator[str]:
    """The asset keeps None where its body ends by showing something: after a restart that is gone."""
    start, _, name = value.calls.rpartition(".")
    module = session.namespace.get(start)
    of_pyplot = is_a(module, ModuleType) and vars(module)["__name__"] == "matplotlib.pyplot"
    if name not in ("show", "display") and (not of_pyplot or name in _NOT_SHOWN):
        return
    key = definition.keys[0]
    record = session.workspace.statuses()[key].materialization
    if record is None or record.value is None or record.value.size > _NONE:
        return
    if session.workspace.kept_value(key, record) is None:
        yield (
            f"`{key}` keeps None: what a body shows is not kept. Let it end with the figure "
            f"in the place of `{value.calls}(…)`: `fig`, or `plt.gcf()`."
        )


def unwatched_files(
    session: NotebookSession,
    definition: AssetsDefinition,
    literals: Iterable[StringLiteral],
    reads: Sequence[str],
) -> Iterator[str]:
    """The files that the body names and that its last run was not seen to open.

    `reads` are the patterns that it declares. What has not run yet may still be seen to open them;
    what the run wrote, as the time of the file says, is its own.
    """
    mentions = mentioned_files(literals, lambda path: Path(path).is_file())
    record = session.workspace.statuses().get(definition.keys[0]) if mentions else None
    if record is None or record.materialization is None:
        return
    run = record.materialization
    opened = {os.path.abspath(one.removeprefix("opened ")) for one in run.others}
    for mention in mentions:
        known = os.path.abspath(mention.path) in opened or _written_by(run, mention.path)
        if not known and not any(fnmatch(mention.path, pattern) for pattern in reads):
            yield (
                f"`{mention.path}` is a file that is not watched: "
                f"`--reads {mention.path}` makes `{definition.keys[0]}` stale when it changes."
            )


def _written_by(run: Materialization, path: str) -> bool:
    """Whether the file was last written while the asset was made."""
    stamp = stamp_of(path)
    return stamp is not None and -_COARSE <= stamp[0] / 1e9 - run.time <= run.duration + _COARSE


def _derived(session: NotebookSession, definition: AssetsDefinition) -> Iterator[str]:
    for name in sorted(definition.candidates & session.derived.keys()):
        if session.workspace.graph.named(name):
            continue
        where, assets = session.derived[name]
        yield (
            f"`{name}` was computed in {where} from {', '.join(f'`{a}`' for a in assets)}, which is "
            f"not followed through a variable: make `{name}` an asset."
        )
