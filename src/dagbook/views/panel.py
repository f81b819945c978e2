"""The view of one asset: how it stands and why, what it reads, its checks, value, code and history."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Protocol

from dagbook.definitions.keys import AssetCheckKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.records import dataclass
from dagbook.versions.canonical import plain_source
from dagbook.views.assets import flags_of, one_line, why_of
from dagbook.views.checks import check_table, failing_rows_html
from dagbook.views.dag import checks_summary
from dagbook.views.error_lines import error_line
from dagbook.views.html import (
    NO_MATH,
    QUIET,
    change_of,
    code_of,
    folded_of,
    html_of,
    line_of,
    sentence_of,
    state_of,
    varies,
)
from dagbook.views.lettering import clean_line, elide
from dagbook.views.metadata import RICH, metadata_html, value_text
from dagbook.views.ops import Computation, ops_table
from dagbook.views.outside import DOUBTFUL, CodePart, outside_table
from dagbook.views.preview import Preview
from dagbook.views.quantities import duration, moment, size
from dagbook.views.states import pinned_line, state_word
from dagbook.views.tables import Cell, Column, TableView, table, without_empty_columns
from dagbook.views.text import text_of

if TYPE_CHECKING:
    from dagbook.events.records import Materialization, OpFinished
    from dagbook.graph.nodes import AssetNode
    from dagbook.staleness.status import AssetStatus, CheckStatus


class CodeChange(Protocol):
    """What changed in one part of an asset's code; its text says so in a sentence."""

    @property
    def diff(self) -> str: ...


# Between the parts of a chained traceback; the last part is where the user's own code stands.
CHAINED = re.compile(
    r"\n*^(?:The above exception was the direct cause of the following exception"
    r"|During handling of the above exception, another exception occurred):\n+",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelSubject:
    """All that the panel tells of one asset.

    `states`: the state words of the assets around it; `rows`: failing rows as frames, by check;
    `parts`: what its code reaches; `made`: the computation of several ops or assets behind it;
    `ops`: what became of its ops the last time; `log`: what its last run printed.
    """

    node: AssetNode
    status: AssetStatus | None = None
    checks: Sequence[CheckStatus] = ()
    children: Sequence[str] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[AssetCheckKey, object] = field(default_factory=dict)
    changes: Sequence[CodeChange] = ()
    parts: Sequence[CodePart] = ()
    value: Preview | None = None
    history: Sequence[Materialization] = ()
    made: Computation | None = None
    ops: Sequence[OpFinished] = ()
    log: str = ""
    running: bool = False

    @property
    def word(self) -> str:
        """The state in one word."""
        return state_word(self.status, running=self.running, declared=self.node.declared)

    @property
    def ops_view(self) -> TableView | None:
        """The table of its ops; None where one function makes it."""
        if self.made is None:
            return None
        words = {key: self.states.get(str(key), "missing") for key in self.made.definition.keys}
        return ops_table(self.made, self.ops, {**words, self.node.key: self.word})

    @property
    def outside_view(self) -> TableView | None:
        """The table of what its code reads from outside; None where it reads nothing."""
        ops = self.made is not None and self.made.composed is not None
        return outside_table(self.parts, ops=ops)

    @property
    def siblings(self) -> list[str]:
        """The assets that are made together with it."""
        if self.made is None:
            return []
        return [str(key) for key in self.made.definition.keys if key != self.node.key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled part of the panel; `body` is escaped HTML, `opened` whether it shows at first."""

    title: str
    body: str
    opened: bool = True


def panel_sections(subject: PanelSubject) -> tuple[Section, ...]:
    """The parts that have something to say, the most urgent first."""
    found = (
        Section(title="Error", body=_error(subject) if subject.word == "failed" else ""),
        Section(title="What changed", body=_changes(subject)),
        Section(title="Checks", body=_checks(subject)),
        Section(title="Ops", body=_ops(subject)),
        Section(title="Made together with it", body=_together(subject)),
        Section(title="Value", body=subject.value.html if subject.value else ""),
        Section(title="Metadata", body=_metadata(subject)),
        Section(title="Reads", body=_inputs(subject)),
        Section(
            title="Reads from outside",
            body=_outside(subject),
            opened=any(part.kind in DOUBTFUL for part in subject.parts),
        ),
        Section(title="Code", body=_code(subject), opened=False),
        Section(title="Output", body=code_of(subject.log) if subject.log else "", opened=False),
        Section(title="Error before the code changed", body=_old_error(subject), opened=False),
        Section(title="History", body=_history(subject), opened=False),
    )
    return tuple(section for section in found if section.body)


def panel_html(subject: PanelSubject) -> str:
    """The whole panel as one piece of HTML."""
    parts = [
        f'<div class="dagbook-panel {NO_MATH}" style="font-size:13px;line-height:1.45;overflow-wrap:break-word">',
        _heading(subject),
    ]
    parts += [
        folded_of(section.title, section.body, opened=section.opened)
        for section in panel_sections(subject)
    ]
    return "\n".join([*parts, "</div>"])


def panel_text(subject: PanelSubject) -> str:
    """The panel in a few lines of text that are the same on every run."""
    spec, status = subject.node.spec, subject.status
    lines = [elide(clean_line(subject.node.key), 120), one_line(status, subject.word)]
    if spec.description:
        lines.append(elide(clean_line(spec.description), 200))
    if subject.siblings:
        lines.append(f"made together with {', '.join(subject.siblings)}")
    pinned = pinned_line(subject.node.key, status)
    if pinned:
        lines.append(pinned)
    reads = [str(key) for key in subject.node.parents]
    if reads:
        lines.append(f"reads {', '.join(reads)}")
    if subject.children:
        lines.append(f"read by {', '.join(subject.children)}")
    if subject.checks:
        lines.append(checks_summary(subject.checks))
    record = status.materialization if status else None
    if record is not None:
        lines += [f"{name}: {value_text(item)}" for name, item in record.metadata.items()]
    text = "\n".join(elide(clean_line(line), 400) for line in lines)
    return text if subject.ops_view is None else f"{text}\n{text_of(subject.ops_view)}"


def _heading(subject: PanelSubject) -> str:
    spec, status = subject.node.spec, subject.status
    why = "; ".join(filter(None, [why_of(status, subject.word), *flags_of(status)]))
    labels = [spec.group_name] if spec.group_name != "default" else []
    labels += sorted(spec.kinds) + sorted(spec.owners)
    labels += [f"{name}={value}" if value else name for name, value in sorted(spec.tags.items())]
    parts = [
        f'<div style="font-size:15px;font-weight:600">{line_of(subject.node.key, 160)}</div>',
        f"<div>{state_of(subject.word)}{f': {sentence_of(why)}' if why else ''}</div>",
    ]
    pinned = pinned_line(subject.node.key, status)
    if pinned:
        parts.append(f"<div>{sentence_of(pinned)}</div>")
    if spec.description:
        parts.append(f'<div style="{QUIET}">{line_of(spec.description, 600)}</div>')
    if labels:
        parts.append(
            f'<div style="{QUIET};font-size:12px">{line_of(" · ".join(labels), 400)}</div>'
        )
    record = status.materialization if status else None
    if record is not None:
        text = f"pinned to version {record.data_version[:8]}, " if pinned else ""
        text += f"made {moment(record.time)} in {duration(record.duration)}"
        if record.value is not None:
            text += f", {size(record.value.size)}"
        parts.append(f'<div style="{QUIET};font-size:12px">{varies(text)}</div>')
    return "".join(parts)


def _error(subject: PanelSubject) -> str:
    error = subject.status.error if subject.status is not None else None
    if error is None:
        return ""
    head = f'<div style="font-weight:600">{line_of(error_line(error))}</div>'
    *causes, last = CHAINED.split(error.traceback)
    parts = [head, code_of(last) if last else ""]
    parts += [folded_of("Raised while handling", code_of(cause)) for cause in reversed(causes)]
    return "".join(parts)


def _old_error(subject: PanelSubject) -> str:
    """What raised in the last run, of code that is no more."""
    mended = subject.status is not None and "mended" in subject.status.flags
    return _error(subject) if mended else ""


def _changes(subject: PanelSubject) -> str:
    return "".join(change_of(str(change), change.diff) for change in subject.changes)


def _checks(subject: PanelSubject) -> str:
    if not subject.checks:
        return ""
    parts = [html_of(check_table(subject.checks, short=True))]
    for status in subject.checks:
        told = status.verdict.metadata if status.verdict is not None else {}
        rich = {name: item for name, item in told.items() if item.kind in RICH}
        if rich:
            head = (
                f'<div style="margin-top:6px;{QUIET}">Metadata of {line_of(status.key, 200)}</div>'
            )
            parts.append(head + metadata_html(rich))
    for check, frame in subject.rows.items():
        shown = failing_rows_html(check, frame)
        if shown:
            parts.append(shown)
    return "".join(parts)


def _metadata(subject: PanelSubject) -> str:
    spec, status = subject.node.spec, subject.status
    record = status.materialization if status else None
    declared = {name: MetadataValue.of(value) for name, value in spec.metadata.items()}
    return metadata_html({**declared, **(record.metadata if record is not None else {})})


def _ops(subject: PanelSubject) -> str:
    view = subject.ops_view
    return "" if view is None else html_of(view)


def _together(subject: PanelSubject) -> str:
    """The assets that the same computation makes, and whether it can make one without the others."""
    if subject.made is None or not subject.siblings:
        return ""
    rows: list[list[str | Cell]] = [
        [Cell(text=name, code=True), _state(subject, name)] for name in subject.siblings
    ]
    return html_of(table(["asset", "state"], rows, note=_alone(subject.made)))


def _alone(made: Computation) -> str:
    if made.definition.can_subset:
        return f"{made.definition.op.name} can make some of them without the others."
    return f"{made.definition.op.name} makes all of them at once."


def _inputs(subject: PanelSubject) -> str:
    names = {item.key: item for item in subject.node.inputs}
    rows: list[list[str | Cell]] = []
    for key in subject.node.parents:
        item = names.get(key)
        how = "waited for" if item is None else f"via {item.via}" if item.via else f"as {item.name}"
        rows.append([Cell(text=str(key), code=True), _state(subject, str(key)), how])
    rows += [
        [Cell(text=key, code=True), _state(subject, key), "reads this"] for key in subject.children
    ]
    if not rows:
        return ""
    return html_of(without_empty_columns(table(["asset", "state", "how"], rows)))


def _state(subject: PanelSubject, key: str) -> Cell:
    word = subject.states.get(key, "")
    return Cell(text=word, state=word)


def _outside(subject: PanelSubject) -> str:
    view = subject.outside_view
    return "" if view is None else html_of(view)


def _code(subject: PanelSubject) -> str:
    """The source as it was typed; where it was not kept, the normalised text of the body."""
    origin = subject.node.op.origin if subject.node.op is not None else None
    text = origin.text if origin is not None else None
    if not text:
        body = next((part.text for part in subject.parts if part.kind == "body"), "")
        text = plain_source(body) or body
    if not text:
        return ""
    place = f'<div style="{QUIET}">{line_of(origin, 200)}</div>' if origin is not None else ""
    return place + code_of(text)


def _history(subject: PanelSubject) -> str:
    # A pin takes an older result once more, which shows once.
    found = {(one.run_id, one.time): one for one in reversed(subject.history)}
    records = [*reversed(found.values())]
    if not records:
        return ""
    status = subject.status
    counting = status.materialization if status and "pinned" in status.flags else None
    pinned = (counting.run_id, counting.time) if counting is not None else None
    columns = (
        Column(name="made", varies=True, wrap=False),
        Column(name="took", right=True, varies=True),
        Column(name="size", right=True, varies=True),
        Column(name="data", varies=True),
        Column(name="run", varies=True),
        Column(name="note"),
    )
    rows: list[list[str | Cell]] = [
        [
            moment(record.time),
            duration(record.duration),
            size(record.value.size) if record.value is not None else "",
            Cell(text=record.data_version[:8], code=True),
            Cell(text=record.run_id[:12], code=True),
            "pinned" if (record.run_id, record.time) == pinned else "",
        ]
        for record in records[:20]
    ]
    return html_of(without_empty_columns(table(columns, rows, more=max(0, len(records) - 20))))
