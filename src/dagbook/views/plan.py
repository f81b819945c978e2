"""The table of a plan: what will run, in which order and why, and what it will cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetKey, user_strings
from dagbook.views.quantities import counted, duration
from dagbook.views.tables import Cell, Column, TableView, state_cell, table, without_empty_columns

if TYPE_CHECKING:
    from dagbook.planning.plan import Plan, Step

COLUMNS = (
    Column(name="asset"),
    Column(name="will"),
    Column(name="why", said=True),
    Column(name="made by"),
    Column(name="last took", right=True, varies=True),
)
NAMED = 3
# More ops of one graph are only counted.
MOST_OPS = 20


def plan_table(plan: Plan) -> TableView:
    """The steps in order, then what is taken over, blocked, or only checked."""
    rows: list[list[str | Cell]] = [row for step in plan.steps for row in _step_rows(step)]
    rows += [
        [_key(key), "be restored", "kept result of this code and inputs", "", ""]
        for key in plan.restored
    ]
    by = ", ".join(map(str, plan.blocked_by))
    rows += [[_key(key), state_cell("blocked"), f"waits for {by}", "", ""] for key in plan.blocked]
    rows += [[Cell(text=str(check), code=True), "be checked", "", "", ""] for check in plan.checks]
    return without_empty_columns(
        table(COLUMNS, rows, caption=plan_line(plan), note=_note(plan), varying=_cost(plan))
    )


def plan_line(plan: Plan) -> str:
    """What was selected and what it comes to, in one line."""
    return f"Selected {_named(plan.selected)}: {_lower(str(plan))}"


def plan_preview(plan: Plan) -> str:
    """What a click would do: `will run 3: a, b, c · about 12 s`."""
    if plan.is_empty:
        return "nothing to do" if not plan.blocked else f"{len(plan.blocked)} blocked"
    parts = []
    if plan.steps:
        parts.append(f"will run {len(plan.keys)}: {_some(plan.keys)}")
    if plan.restored:
        parts.append(f"{len(plan.restored)} restored")
    if plan.blocked:
        parts.append(f"{len(plan.blocked)} blocked")
    if not plan.steps and plan.checks:
        parts.append(counted(len(plan.checks), "check"))
    return " · ".join([*parts, *filter(None, [_cost(plan)])])


def _step_rows(step: Step) -> list[list[str | Cell]]:
    will = "run" if step.certain else "run if inputs change"
    why = "; ".join(filter(None, [step.why, "" if step.reason == "selected" else "needed"]))
    if step.forced:
        why = why or "forced"
    took = "" if step.seconds is None else duration(step.seconds)
    made = _made_by(step)
    rows: list[list[str | Cell]] = [
        [_key(key), will, why, made, took if i == 0 else ""] for i, key in enumerate(step.keys)
    ]
    rows += [[Cell(text=f"↳ {name}", code=True), "", "", "", ""] for name in step.ops[:MOST_OPS]]
    hidden = len(step.ops) - MOST_OPS
    if hidden > 0:
        rows.append([f"↳ {hidden} more ops", "", "", "", ""])
    return rows


def _made_by(step: Step) -> str:
    """The computation of several assets or ops, and which of its assets it makes this time."""
    if not step.computation:
        return ""
    made, every = len(step.keys), len(step.keys) + len(step.left_out)
    ops = [counted(len(step.ops), "op")] if step.ops else []
    assets = [f"{made} of {every} assets"] if every > 1 else []
    without = [f"without {_some(step.left_out)}"] if step.left_out else []
    return f"{step.computation}: {', '.join([*assets, *without, *ops])}"


def _key(key: AssetKey) -> Cell:
    return Cell(text=str(key), code=True)


def _note(plan: Plan) -> str:
    return f"Fresh already: {_named(plan.fresh)}." if plan.fresh and not plan.is_empty else ""


def _cost(plan: Plan) -> str:
    known = [step.seconds for step in plan.steps if step.seconds is not None]
    if not known:
        return ""
    rest = len(plan.steps) - len(known)
    return f"about {duration(plan.seconds)}" + (f" and {rest} never timed" if rest else "")


def _named(keys: tuple[AssetKey, ...]) -> str:
    few = 0 < len(keys) <= NAMED
    return _some(keys) if few else counted(len(keys), "asset") if keys else "no asset"


def _some(keys: tuple[AssetKey, ...]) -> str:
    names = user_strings(keys[:NAMED])
    rest = len(keys) - len(names)
    return ", ".join(names) + (f" and {rest} more" if rest else "")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
