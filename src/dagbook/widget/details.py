"""Gathers what the panel tells of one asset, from what is known at once to what must be loaded."""

from __future__ import annotations

from dataclasses import replace

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.results import NO_VALUE
from dagbook.engine.showing import value_to_show
from dagbook.staleness.causes import CodeChanged
from dagbook.staleness.status import AssetStatus, CheckStatus
from dagbook.views.ops import computation
from dagbook.views.panel import PanelSubject
from dagbook.views.preview import preview
from dagbook.views.states import state_word
from dagbook.widget.live import LiveWorkspace

# What is loaded depends on these alone: the key, its materialization, its verdicts' fingerprints.
Mark = tuple[object, ...]


def subject_of(
    workspace: LiveWorkspace,
    key: AssetKey,
    statuses: dict[AssetKey, AssetStatus],
    checks: dict[AssetCheckKey, CheckStatus],
) -> PanelSubject:
    """What is known of the asset without loading anything."""
    graph, activity = workspace.graph, workspace.activity
    running = activity.running
    made = computation(graph, key)
    together = made.definition.keys if made is not None else ()
    around = [k for k in (*graph.parents(key), *graph.children(key), *together) if k in graph]
    words = {
        str(other): state_word(
            statuses.get(other), running=other in running, declared=graph.nodes[other].declared
        )
        for other in around
    }
    return PanelSubject(
        node=graph.node(key),
        status=statuses.get(key),
        checks=[checks[check] for check in graph.checks_of(key) if check in checks],
        children=[str(child) for child in graph.children(key)],
        states=words,
        made=made,
        ops=workspace.history_of.ops(made.key) if made is not None and made.composed else (),
        log=activity.output_of(key),
        running=key in running,
    )


def mark_of(subject: PanelSubject) -> Mark:
    """Equal marks: nothing has to be loaded again."""
    status = subject.status
    record = status.materialization.id if status and status.materialization else None
    verdicts = tuple(check.verdict and check.verdict.fingerprint for check in subject.checks)
    code = status.code_version if status else ""
    return (subject.node.key, record, code, verdicts)


def loaded(workspace: LiveWorkspace, subject: PanelSubject) -> PanelSubject:
    """The same with value, failing rows, history, and what the code reaches and how it changed."""
    key = subject.node.key
    status = subject.status
    found = subject
    if status is not None and status.materialization is not None:
        try:
            found = replace(found, history=workspace.history(key))
            kept = value_to_show(workspace, key, status.materialization)
            if kept is not NO_VALUE:
                found = replace(found, value=preview(kept))
        except Exception as error:
            found = replace(found, value=preview(error))
    if status is not None and any(isinstance(c, CodeChanged) for c in status.causes):
        found = replace(found, changes=tuple(workspace.explain(key)))
    code = workspace.observe()[0].code.get(key)
    if code is not None:
        found = replace(found, parts=code.parts)
    rows = {}
    for check in subject.checks:
        if check.verdict is not None and check.verdict.row_count:
            rows[check.key] = workspace.failing_rows(key, check.key.name)
    return replace(found, rows=rows)


def with_loaded(subject: PanelSubject, other: PanelSubject) -> PanelSubject:
    """What is known now, with what was loaded before."""
    return replace(
        subject,
        value=other.value,
        rows=other.rows,
        history=other.history,
        changes=other.changes,
        parts=other.parts,
    )
