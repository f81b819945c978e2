"""A command's outcome as one JSON document.

The document is an object:

- `notebook`: the path; `exit_code`: 0, 1, 2 or 130; `error`: null, or `{type, message}` of what ended
  the command, and then only these three are there
- `left_out`: `[{cell, why, whole}]`; `notes`: `[text]`
- `plan`: null, or `{selected, run: [{assets, reason, why, certain, seconds}], restored, fresh, blocked,
  blocked_by, checks}`, keys as text, `seconds` of the last run or null
- `run`: null where nothing was run, else `{id, outcome, success, materialized, restored, fresh,
  skipped, failed, not_run, blocked}`, the last seven lists of keys; `skipped` gave no value on purpose
- `assets`: `[{key, state, last_run, flags, why, group, kinds, result, seconds, bytes, error}]` in
  topological order; `result` is what the run did with it or null, `seconds` and `bytes` of the value
  that counts or null, `error` null or `{type, message, traceback}`
- `checks`: `[{asset, name, judgement, severity, blocking, failing_rows, says, counts, error}]`;
  `judgement` is passed, failed, warned or missing, `counts`: it makes the command fail
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dagbook.cli.outcome import Outcome
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.errors.base import DagbookError
from dagbook.events.records import ErrorRecord
from dagbook.execution.result import RunResult
from dagbook.planning.plan import Plan
from dagbook.staleness.status import AssetStatus, CheckStatus
from dagbook.views.checks import verdict_says

LISTS = ("materialized", "restored", "fresh", "skipped", "failed", "not_run", "blocked")


def outcome_json(outcome: Outcome, error: DagbookError | None = None) -> str:
    """The document of a command that came to its end; `error` for what went wrong after the run."""
    notebook = outcome.notebook
    results = _results(outcome.result)
    graph = notebook.workspace.graph
    document = {
        **_head(notebook.path, exit_code=1 if error else outcome.exit_code, error=error),
        "left_out": [
            {"cell": one.where, "why": one.why, "whole": one.whole} for one in notebook.left_out
        ],
        "notes": list(notebook.notes),
        "plan": None if outcome.plan is None else _plan(outcome.plan),
        "run": None if outcome.result is None else _run(outcome.result),
        "assets": [
            {**_asset(outcome.assets[key], results.get(key)), **_place(outcome, key)}
            for key in graph.order
        ],
        "checks": [_check(check, outcome) for check in outcome.checks.values()],
    }
    return _text(document)


def error_json(path: Path, exit_code: int, error: BaseException) -> str:
    """The document of a command that an error ended."""
    return _text(_head(path, exit_code=exit_code, error=error))


def _head(path: Path, *, exit_code: int, error: BaseException | None) -> dict[str, Any]:
    told = None if error is None else {"type": type(error).__name__, "message": str(error)}
    return {"notebook": str(path), "exit_code": exit_code, "error": told}


def _text(document: dict[str, Any]) -> str:
    # Escaped throughout, so that no locale and no lone surrogate can spoil it.
    return json.dumps(document, indent=2, allow_nan=False)


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "selected": list(map(str, plan.selected)),
        "run": [
            {
                "assets": list(map(str, step.keys)),
                "reason": step.reason,
                "why": step.why,
                "certain": step.certain,
                "seconds": step.seconds,
            }
            for step in plan.steps
        ],
        **{
            name: list(map(str, getattr(plan, name)))
            for name in ("restored", "fresh", "blocked", "blocked_by", "checks")
        },
    }


def _run(result: RunResult) -> dict[str, Any]:
    return {
        "id": result.run_id,
        "outcome": result.outcome,
        "success": result.success,
        **{name: list(map(str, keys)) for name, keys in _lists(result).items()},
    }


def _lists(result: RunResult) -> dict[str, list[AssetKey]]:
    """The assets by what the run did with them; one that is skipped without a reason was fresh."""
    found = {name: list(getattr(result, name)) for name in LISTS if name != "fresh"}
    fresh = [key for key in result.skipped if key not in result.reasons]
    skipped = [key for key in result.skipped if key in result.reasons]
    return found | {"fresh": fresh, "skipped": skipped}


def _results(result: RunResult | None) -> dict[AssetKey, str]:
    if result is None:
        return {}
    return {key: name for name, keys in _lists(result).items() for key in keys}


def _asset(status: AssetStatus, result: str | None) -> dict[str, Any]:
    record = status.materialization
    value = record.value if record is not None else None
    return {
        "key": str(status.key),
        "state": status.state,
        "last_run": status.last_run,
        "flags": sorted(status.flags),
        "why": status.why,
        "result": result,
        "seconds": None if record is None else record.duration,
        "bytes": None if value is None else value.size,
        "error": _error(status.error),
    }


def _place(outcome: Outcome, key: AssetKey) -> dict[str, Any]:
    spec = outcome.notebook.workspace.graph.nodes[key].spec
    return {"group": spec.group_name, "kinds": sorted(spec.kinds)}


def _check(check: CheckStatus, outcome: Outcome) -> dict[str, Any]:
    key: AssetCheckKey = check.key
    verdict = check.verdict if check.judgement != "missing" else None
    spec = outcome.notebook.workspace.graph.checks[key].spec
    return {
        "asset": str(key.asset_key),
        "name": key.name,
        "judgement": check.judgement,
        "severity": None if verdict is None else verdict.severity,
        "blocking": spec.blocking,
        "failing_rows": None if verdict is None else verdict.row_count,
        "says": verdict_says(verdict),
        "counts": key in outcome.failing,
        "error": _error(verdict.error if verdict is not None else None),
    }


def _error(error: ErrorRecord | None) -> dict[str, str] | None:
    if error is None:
        return None
    return {"type": error.type, "message": error.message, "traceback": error.traceback}
