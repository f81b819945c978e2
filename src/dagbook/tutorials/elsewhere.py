"""Finds the steps that send a reader to another tool's web page, and says what to do here."""

from __future__ import annotations

import re

_TOOLS = r"dagster|prefect|airflow|mlflow|kedro|marimo|hamilton|metaflow|flyte|luigi|dbt|mage|argo"
_ADDRESS = re.compile(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)\b", re.I)
_PAGE = re.compile(
    rf"\b(?:{_TOOLS})(?:'s)?\s+(?:web\s*)?(?:UI|webserver|cloud|dashboard|interface)\b"
    r"|\b(?:in|open|opens|opening|to|visit|from|using|through)\s+(?:the|your|its)\s+"
    r"(?:web\s+)?(?:UI|browser|dashboard|web\s+interface|asset\s+catalog)\b"
    r"|\*\*(?:Materialize(?: all| selected)?|Launch run|Reload definitions|View lineage)\*\*",
    re.I,
)
_COMMAND = re.compile(
    r"^\s*\$?\s*(?:uv run\s+)?(?:dg dev|dagster dev|dagster-webserver|prefect server start|mlflow ui|"
    r"kedro viz|airflow (?:webserver|standalone)|hamilton ui|marimo edit|luigid|metaflow ui)\b",
    re.M,
)

NOTE = (
    "**In this notebook** there is no other page to open: `%dag` draws the graph, a click on an "
    "asset shows its value, checks and history, and `%materialize` brings everything up to date."
)


def sends_elsewhere(text: str, *, command: bool = False) -> bool:
    """Whether a paragraph, or a command, sends the reader to another tool's web page.

    >>> sends_elsewhere("Open http://localhost:3000 to see your assets.")
    True
    """
    if command:
        return bool(_COMMAND.search(text))
    return bool(_ADDRESS.search(text) or _PAGE.search(text))
