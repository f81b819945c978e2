"""The view of one op of a graph: what became of it the last time, what it reads and gives, its code."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetKey
from dagbook.views.error_lines import error_line
from dagbook.views.html import NO_MATH, QUIET, code_of, folded_of, line_of, varies
from dagbook.views.ops import (
    Computation,
    gives_of,
    inputs_of,
    outcome_of,
    retries_of,
)
from dagbook.views.quantities import duration, moment
from dagbook.views.states import OP_LOOKS

if TYPE_CHECKING:
    from dagbook.definitions.composed import Node
    from dagbook.events.records import OpFinished

GRID = "display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 14px;margin:4px 0"


def op_html(
    made: Computation,
    path: str,
    records: Sequence[OpFinished],
    words: Mapping[AssetKey, str],
) -> str:
    """All that is known of the op at this path; `words` are the states of the assets."""
    composed = made.composed
    assert composed is not None
    node = composed.node(path)
    states = [words.get(key, "missing") for key in made.made_by(path)]
    word, own = outcome_of(composed, node, records, states)
    look = OP_LOOKS[word]
    parts = [
        f'<div style="font-size:15px;font-weight:600">{line_of(composed.step_key(node), 160)}</div>',
        f'<div><span style="color:{look.line};font-weight:700">{look.sign}</span> '
        f"{line_of(look.meaning)}</div>",
    ]
    if node.op.description:
        parts.append(f'<div style="{QUIET}">{line_of(node.op.description, 600)}</div>')
    parts += [_when(own), _facts(made, node)]
    for one in own:
        if one.error is not None:
            body = f'<div style="font-weight:600">{line_of(error_line(one.error))}</div>'
            title = "Error" if one.step == composed.step_key(node) else f"Error of {one.step}"
            parts.append(folded_of(title, body + code_of(one.error.traceback), opened=True))
    text = _source(node)
    if text:
        place = f'<div style="{QUIET}">{line_of(node.op.origin, 200)}</div>'
        parts.append(folded_of("Code", place + code_of(text)))
    return f'<div class="{NO_MATH}" style="line-height:1.45;overflow-wrap:break-word">{"".join(parts)}</div>'


def _source(node: Node) -> str:
    """The op as it was typed; empty where that is not known."""
    try:
        return node.op.origin.text or inspect.getsource(node.op.fn)
    except (OSError, TypeError):
        return ""


def _when(records: Sequence[OpFinished]) -> str:
    ran = [one for one in records if one.outcome in ("ok", "failed")]
    if not ran:
        return ""
    took = sum(one.duration for one in ran)
    text = f"ran {moment(min(one.time for one in ran))} for {duration(took)}"
    return f'<div style="{QUIET};font-size:12px">{varies(text)}</div>'


def _facts(made: Computation, node: Node) -> str:
    facts = {
        "reads": "; ".join(inputs_of(made, node)),
        "gives": ", ".join(gives_of(made, node)),
        "for": ", ".join(map(str, made.made_by(node.path))),
        "tried again": retries_of(node.retry_policy),
    }
    rows = "".join(
        f'<div style="{QUIET}">{name}</div><div>{line_of(text, 600)}</div>'
        for name, text in facts.items()
        if text
    )
    return f'<div style="{GRID}">{rows}</div>'
