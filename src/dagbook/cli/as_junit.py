"""A command's outcome as JUnit XML, a test case for each asset and check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from dagbook.cli.outcome import Outcome
from dagbook.definitions.keys import AssetKey
from dagbook.execution.result import RunResult
from dagbook.staleness.status import AssetStatus, CheckStatus
from dagbook.views.checks import verdict_says
from dagbook.views.lettering import clean_block

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def outcome_junit(outcome: Outcome) -> str:
    """The selected assets and their checks: failed, in error, skipped where they did not run."""
    suite = _suite(outcome.notebook.path.name)
    plan = outcome.plan
    wanted = set(outcome.assets) if plan is None else {*plan.selected, *plan.keys}
    for key in outcome.notebook.workspace.graph.order:
        if key in wanted:
            suite.append(_asset(outcome.assets[key], outcome.result))
    for check in outcome.checks.values():
        if check.key.asset_key in wanted:
            suite.append(_check(check, check.key in outcome.failing))
    return _text(suite)


def error_junit(name: str, error: BaseException) -> str:
    """One case, the notebook itself, in error."""
    suite = _suite(name)
    case = _case("notebook", name)
    _add(case, "error", type(error).__name__, str(error))
    suite.append(case)
    return _text(suite)


def _suite(name: str) -> ElementTree.Element:
    return ElementTree.Element("testsuite", name=_clean(name))


def _text(suite: ElementTree.Element) -> str:
    suite.set("tests", str(len(suite)))
    for kind, plural in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(plural, str(len(suite.findall(f"testcase/{kind}"))))
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    body: str = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _asset(status: AssetStatus, result: RunResult | None) -> ElementTree.Element:
    key = status.key
    record = result.records.get(key) if result is not None else None
    ran = record is not None and result is not None and key in result.materialized
    case = _case("assets", str(key), record.duration if record is not None and ran else 0.0)
    for kind, what, text in _troubles(key, status, result):
        _add(case, kind, what, text)
    return case


def _troubles(
    key: AssetKey, status: AssetStatus, result: RunResult | None
) -> Iterator[tuple[str, str, str]]:
    failure = result.failures.get(key) if result is not None else None
    if failure is not None:
        yield "error", failure.error.type, failure.error.traceback or failure.error.message
    elif result is not None and key in (*result.not_run, *result.blocked):
        yield "skipped", "not run", result.reasons.get(key, "")
    elif not status.is_fresh:
        yield "skipped", status.state, status.why


def _check(check: CheckStatus, counts: bool) -> ElementTree.Element:
    verdict = check.verdict
    took = verdict.duration if verdict is not None else 0.0
    case = _case(f"checks.{check.key.asset_key}", check.key.name, took)
    if verdict is None or check.judgement == "missing":
        _add(case, "skipped", "not judged", "")
    elif verdict.error is not None:
        _add(case, "error", verdict.error.type, verdict.error.traceback or verdict.error.message)
    elif check.judgement != "passed":
        rows = f"{verdict.row_count:,} failing rows" if verdict.row_count else "failed"
        says = "; ".join(filter(None, [rows, verdict_says(verdict)]))
        # A failure that makes no run fail is told, and does not turn the report red.
        _add(case, "failure" if counts else "system-out", check.judgement, says)
    return case


def _case(group: str, name: str, seconds: float = 0.0) -> ElementTree.Element:
    return ElementTree.Element(
        "testcase", classname=_clean(group), name=_clean(name), time=f"{seconds:.3f}"
    )


def _add(case: ElementTree.Element, kind: str, what: str, text: str) -> None:
    element = ElementTree.SubElement(case, kind)
    clean = _clean(text)
    if kind == "system-out":
        element.text = f"{what}: {clean}"
        return
    if kind != "skipped":
        element.set("type", _clean(what))
    element.set("message", clean.strip().rpartition("\n")[2] or _clean(what))
    if kind != "skipped":
        element.text = clean


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", clean_block(text))
