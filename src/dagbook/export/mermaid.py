"""The graph as a Mermaid diagram, which Markdown viewers draw."""

from __future__ import annotations

import re

from dagbook.views.lettering import clean_line
from dagbook.views.parts import DagView

# What could end a label or begin markup within one.
_SIGNS = re.compile(r"[\"#&<>`;\\\[\](){}|%]")


def mermaid_of(view: DagView) -> str:
    """The picture as text; names are data, so that every sign of theirs stays one.

    >>> mermaid_of(DagView())
    'graph LR'
    """
    ids = {node.id: f"n{place}" for place, node in enumerate(view.nodes)}
    lines = ["graph LR"]
    for node in view.nodes:
        words = f"{_escaped(node.label)}<br/>{_escaped(node.note)}"
        lines.append(f'  {ids[node.id]}["{words}"]')
    lines += [f"  {ids[edge.source]} --> {ids[edge.target]}" for edge in view.edges]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda sign: f"#{ord(sign[0])};", clean_line(text))
