"""Verdicts that bodies gave themselves, on results that are taken over instead of made again."""

from __future__ import annotations

from dagbook.execution.ledger import Ledger
from dagbook.execution.recording import judged_inputs
from dagbook.planning.plan import Step
from dagbook.staleness.marks import check_fingerprint


def hold_verdicts(ledger: Ledger, step: Step) -> None:
    """Let what the body said of this very data, when it ran, bar what is below or not."""
    world = ledger.world
    for key in step.keys:
        if ledger.endings.get(key) not in ("fresh", "restored"):
            continue
        for check in world.graph.checks_of(key):
            node = world.graph.checks[check]
            if not node.inline:
                continue
            mark = check_fingerprint("", node, judged_inputs(ledger, node))
            verdict = world.history.verdicts.get(check)
            if verdict is None or verdict.fingerprint != mark:
                verdict = world.history.verdict(check, mark)
            ledger.judge(node, verdict)
