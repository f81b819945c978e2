"""The table of all assets: how each stands, why, and what its checks say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import DEFAULT_GROUP
from dagbook.later import later
from dagbook.views.error_lines import error_line
from dagbook.views.quantities import counted
from dagbook.views.states import marked, state_word
from dagbook.views.tables import Cell, Column, TableView, state_cell, table, without_empty_columns

if TYPE_CHECKING:
    from dagbook.graph.asset_graph import AssetGraph
    from dagbook.staleness.status import AssetStatus, CheckStatus
    from dagbook.views import dag
else:
    dag = later("dagbook.views.dag")

SHORT = 20
SETTLED = frozenset({"fresh", "external"})
SHOWN_FLAGS = {
    "pinned": "pinned",
    "unverified": "unverified",
    "weak": "a change of what it reads may stay unseen",
}
COLUMNS = (
    Column(name="asset"),
    Column(name="state"),
    Column(name="why", said=True),
    Column(name="checks"),
    Column(name="group"),
    Column(name="kind"),
)


def asset_table(
    graph: AssetGraph,
    statuses: Mapping[AssetKey, AssetStatus],
    checks: Mapping[AssetCheckKey, CheckStatus],
    *,
    keys: Iterable[AssetKey] | None = None,
    running: Collection[AssetKey] = frozenset(),
) -> TableView:
    """The assets (or these `keys`) in topological order, one row each; many: what is not fresh first.

    >>> from dagbook.graph.asset_graph import AssetGraph
    >>> asset_table(AssetGraph(), {}, {}).note
    'No assets yet.'
    """
    shown = graph.order if keys is None else graph.sorted(keys)
    words = {
        key: state_word(
            statuses.get(key), running=key in running, declared=graph.nodes[key].declared
        )
        for key in shown
    }
    if len(shown) > SHORT:
        # In a long table what needs attention stands first; the order is kept within both parts.
        shown = sorted(shown, key=lambda key: words[key] in SETTLED)
    rows = [_row(graph, statuses.get(key), checks, key, words[key]) for key in shown]
    if not rows:
        return table(COLUMNS, (), note="No assets yet.")
    counts = ", ".join(f"{entry.count} {entry.state}" for entry in dag.legend_of(words.values()))
    caption = f"{counted(len(rows), 'asset')}: {counts}"
    return without_empty_columns(table(COLUMNS, rows, caption=caption))


def why_of(status: AssetStatus | None, word: str) -> str:
    """The causes of a status in one line, with what blocks it and its last error."""
    if status is None:
        return ""
    parts = []
    if status.blocked_by:
        parts.append(f"waits for {', '.join(map(str, status.blocked_by))}")
    if word == "failed" and status.error is not None:
        parts.append(error_line(status.error))
    parts += [status.why] if status.why else []
    if "mended" in status.flags and status.error is not None and word != "fresh":
        parts.append(f"before its code changed it failed: {error_line(status.error)}")
    if status.restorable:
        parts.append("kept result of this code and these inputs")
    parts += [status.remark] if status.remark else []
    if status.last_run == "interrupted":
        parts.append("the last run was interrupted")
    return "; ".join(parts)


def flags_shown(status: AssetStatus | None) -> tuple[str, ...]:
    """What is to be known of an asset beside its state; of what is stale, no doubts."""
    held = status.flags if status is not None else frozenset()
    if status is None or not status.is_fresh:
        held -= {"weak"}
    return tuple([flag for flag in SHOWN_FLAGS if flag in held])


def flags_of(status: AssetStatus | None) -> list[str]:
    """The same in words."""
    return [SHOWN_FLAGS[flag] for flag in flags_shown(status)]


def _row(
    graph: AssetGraph,
    status: AssetStatus | None,
    checks: Mapping[AssetCheckKey, CheckStatus],
    key: AssetKey,
    word: str,
) -> list[str | Cell]:
    spec = graph.nodes[key].spec
    why = "; ".join(filter(None, [why_of(status, word), *flags_of(status)]))
    summary = dag.checks_summary([checks.get(check) for check in graph.checks_of(key)])
    return [
        Cell(text=str(key), code=True, hint=spec.description or ""),
        state_cell(word),
        why,
        summary,
        "" if spec.group_name == DEFAULT_GROUP else spec.group_name,
        " ".join(sorted(spec.kinds)),
    ]


def one_line(status: AssetStatus | None, word: str) -> str:
    """The status as one line of text: state, then why."""
    why = why_of(status, word)
    return f"{marked(word)}: {why}" if why else marked(word)
