"""What stands behind `%stale` and `%asset --diff`: changed inputs, chains, and changed data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dagbook.definitions.keys import AssetKey
from dagbook.engine.evidence import (
    ChangedInput,
    chains_to,
    changed_inputs,
    cheap,
    own_causes,
    sizes,
    two_versions,
)
from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import ValueMissing
from dagbook.errors.store import StoreError
from dagbook.events.records import Materialization
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.traversal import reach
from dagbook.notebook.magics.changed import has_code_change
from dagbook.notebook.shown import Shown, sentences_shown, stacked, table_shown
from dagbook.planning.plan import Plan
from dagbook.staleness.causes import Cause, DependenciesChanged, UpstreamDataChanged
from dagbook.staleness.files import (
    ENVIRON,
    IN_FOLDER,
    environment_words,
    file_words,
    is_untracked,
    unseen_in,
)
from dagbook.staleness.status import AssetStatus
from dagbook.views.comparing import data_change, extent
from dagbook.views.quantities import duration, size

# Larger values are not read only to count their rows.
_LARGEST = 200_000_000
# Of more assets that are stale for the same reason, only their number is told.
_FEW = 3


def evidence(workspace: Workspace, waiting: Iterable[AssetStatus]) -> Shown:
    """A line for each input whose data changed, and where the staleness of others came from."""
    statuses = workspace.statuses()
    these = tuple(waiting)
    lines = list(_chains(these, statuses, workspace.graph))
    for status in these:
        for one in changed_inputs(status, statuses, workspace.history):
            if not workspace.graph.node(one.key).declared:
                continue  # nothing is known of it, until its cell has run
            lines.append(f"{status.key}: {_input(workspace, one)}")
        lines += _undefined(workspace, status, statuses)
    if barring := dict.fromkeys([check for status in these for check in status.blocked_by]):
        lines.append(
            f"Nothing below runs until {', '.join([f'`{check}`' for check in barring])} "
            f"{'passes' if len(barring) == 1 else 'pass'}; `%materialize --ignore-checks` runs it "
            "all the same."
        )
    return sentences_shown(lines)


def _undefined(
    workspace: Workspace, status: AssetStatus, statuses: Mapping[AssetKey, AssetStatus]
) -> Iterator[str]:
    """Of each input that no cell defines any more, which asset has its data under another name."""
    gone = [k for c in status.causes if isinstance(c, UpstreamDataChanged) for k in c.undefined]
    if has_code_change(status):
        parts = [change.new for change in workspace.explain(status.key)]
        missing = {part.name for part in parts if part is not None and part.kind == "missing"}
        gone += [key for c in status.causes for key in _left(c) if key.name in missing]
    read = status.materialization.inputs if status.materialization is not None else ()
    data = {item.key: item.data_version for item in read}
    for key in gone:
        same = [
            f"`{one.key}`"
            for one in statuses.values()
            if one.materialization is not None and one.materialization.data_version == data.get(key)
        ]
        told = f" {', '.join(same[:_FEW])} has its data: read that instead." if same else ""
        yield f"`{status.key}` reads `{key}`, which no cell defines any more.{told}"


def _left(cause: Cause) -> tuple[AssetKey, ...]:
    """The inputs that are no longer read."""
    if not isinstance(cause, DependenciesChanged):
        return ()
    return tuple([AssetKey.from_user_string(name) for name in cause.removed])


def update_cost(workspace: Workspace, plan: Plan) -> Shown:
    """What an update will cost, by what the same assets took and weighed before; in HTML alone."""
    current = workspace.history_of.current
    records = [current[key].materialization for key in plan.keys if key in current]
    held = sizes(records)
    if not plan.seconds and not held:
        return Shown("", "")
    words = f"The last time that took {duration(plan.seconds)} and gave {size(held)}."
    return Shown(sentences_shown([words]).html, "")


def data_diff(workspace: Workspace, key: AssetKey) -> Shown:
    """What changed in the data between the newest two versions of an asset."""
    pair = two_versions(workspace.history(key))
    if pair is None:
        return sentences_shown(
            [f"The data of `{key}` has one version: there is nothing to compare."]
        )
    values = []
    for record in pair:
        try:
            values.append(workspace.kept_value(key, record))
        except (ValueMissing, StoreError):
            return sentences_shown([f"The earlier data of `{key}` is no longer kept."])
    change = data_change(*values)
    said = sentences_shown([f"Data of `{key}`: {change.summary}."])
    return stacked([said, *map(table_shown, change.tables)])


def outside_files(status: AssetStatus | None) -> Shown:
    """What the last run read from outside the notebook, and what of it can't be watched."""
    record = status.materialization if status is not None else None
    names = sorted(record.others) if record is not None else []
    watched = [name for name in names if not is_untracked(name) and name != IN_FOLDER]
    lines = [f"Watched: {', '.join(map(_in_words, watched))}."] if watched else []
    unseen = unseen_in(names)
    fetched = [name for name in names if is_untracked(name) and not unseen_in([name])]
    if fetched:
        lines.append(f"Untracked: {', '.join(fetched)}; `--max-age` or `--always` is for these.")
    if unseen:
        lines.append(f"May have read files unseen: {', '.join(unseen)}; `--reads` names them.")
    return sentences_shown(lines)


def _in_words(watched: str) -> str:
    """A variable of the environment, or a file, as they are called elsewhere."""
    name = watched.removeprefix(ENVIRON)
    return file_words(watched) if name == watched else environment_words(name)


def roots_of(
    waiting: Iterable[AssetStatus], statuses: Mapping[AssetKey, AssetStatus]
) -> tuple[AssetStatus, ...]:
    """Those from which the staleness of these came that are not among them."""
    these = tuple(waiting)
    known = {status.key for status in these}
    ends = [chain[-1] for status in these for chain in chains_to(status, statuses)]
    return tuple({one.key: one for one in ends if one.key not in known}.values())


def _chains(
    waiting: Sequence[AssetStatus], statuses: Mapping[AssetKey, AssetStatus], graph: AssetGraph
) -> Iterator[str]:
    """From each stale asset to what made it so: the nearest, and what is not told of by itself."""
    found: dict[AssetKey, list[tuple[AssetStatus, ...]]] = {}
    told = {status.key for status in waiting}
    for status in waiting:
        # What was never made is not the staler for what is above it.
        ways = chains_to(status, statuses) if status.state != "missing" else ()
        for place, chain in enumerate(ways):
            if place == 0 or chain[-1].key not in told:
                found.setdefault(chain[-1].key, []).append(chain)
    for key, chains in found.items():
        if len(chains) <= _FEW:
            yield from map(_chain, chains)
        else:
            cause, below = own_causes(statuses[key]), reach([key], graph.children) - {key}
            yield f"`{key}`: {cause}, and {len(below & told)} assets below it are not up to date"


def _chain(chain: tuple[AssetStatus, ...]) -> str:
    way = " ← ".join(f"`{one.key}`" for one in chain)
    return f"{way}: {own_causes(chain[-1])}"


def _input(workspace: Workspace, changed: ChangedInput) -> str:
    """The versions of an input then and now, with rows and columns where they can be had."""
    old, new = (
        _version(workspace, changed.key, version, record)
        for version, record in ((changed.old, changed.then), (changed.new, changed.now))
    )
    return f"the data of `{changed.key}` was {old}, is {new}"


def _version(
    workspace: Workspace, key: AssetKey, version: str, record: Materialization | None
) -> str:
    name = f"version {version[:8]}"
    if not cheap(record, _LARGEST):
        return name
    try:
        return f"{name} ({extent(workspace.kept_value(key, record))})"
    except (ValueMissing, StoreError):
        return name
