"""The order of a run: which step or check waits for which."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.planning.plan import Plan, Step


@dataclass(frozen=True, slots=True)
class Task:
    """A step or a check, with its place in the order."""

    place: int
    step: Step | None = None
    check: AssetCheckKey | None = None


@dataclass(slots=True)
class Agenda:
    """What is ready, what still waits, and for how many others."""

    ready: list[tuple[int, Task]] = field(default_factory=list)
    waiting: dict[int, int] = field(default_factory=dict)
    followers: dict[int, list[Task]] = field(default_factory=dict)

    def pop(self) -> Task:
        """The first task that is ready."""
        return heapq.heappop(self.ready)[1]

    def put_back(self, task: Task) -> None:
        """Keep a task for later that was taken and can't begin yet."""
        heapq.heappush(self.ready, (task.place, task))

    def done(self, task: Task) -> None:
        """Make ready what waited only for this task."""
        for follower in self.followers.get(task.place, ()):
            self.waiting[follower.place] -= 1
            if self.waiting[follower.place] == 0:
                heapq.heappush(self.ready, (follower.place, follower))

    def rest(self) -> list[Task]:
        """The tasks that were never begun, in order."""
        waiting = {place for place, count in self.waiting.items() if count > 0}
        tasks = {t.place: t for group in self.followers.values() for t in group}
        left = [tasks[place] for place in waiting] + [task for _, task in self.ready]
        return sorted(left, key=lambda task: task.place)


def agenda_of(graph: AssetGraph, plan: Plan) -> Agenda:
    """Steps in the order of the plan, each check right after the asset that it judges."""
    tasks = _tasks(plan)
    makers = {key: task for task in tasks if task.step for key in task.step.keys}
    gates: dict[AssetKey, list[Task]] = {}
    for task in tasks:
        if task.check is not None and graph.checks[task.check].spec.blocking:
            gates.setdefault(task.check.asset_key, []).append(task)
    agenda = Agenda()
    for task in tasks:
        before = _before(graph, task, makers, gates)
        agenda.waiting[task.place] = len(before)
        for place in before:
            agenda.followers.setdefault(place, []).append(task)
        if not before:
            agenda.ready.append((task.place, task))
    return agenda


def _tasks(plan: Plan) -> list[Task]:
    checks: dict[AssetKey, list[AssetCheckKey]] = {}
    for check in plan.checks:
        checks.setdefault(check.asset_key, []).append(check)
    found: list[Task] = []
    for step in plan.steps:
        found.append(Task(len(found), step=step))
        for key in step.keys:
            for check in checks.pop(key, ()):
                found.append(Task(len(found), check=check))
    for alone in checks.values():
        for check in alone:
            found.append(Task(len(found), check=check))
    return found


def _before(
    graph: AssetGraph,
    task: Task,
    makers: dict[AssetKey, Task],
    gates: dict[AssetKey, list[Task]],
) -> set[int]:
    """The places of the tasks that must end before this one begins."""
    if task.check is not None:
        read = [item.key for item in graph.checks[task.check].inputs]
        return {makers[key].place for key in (*read, task.check.asset_key) if key in makers}
    assert task.step is not None
    own = set(task.step.keys)
    parents = [p for key in task.step.keys for p in graph.parents(key) if p not in own]
    return set(_places(parents, makers, gates))


def _places(
    parents: Iterable[AssetKey], makers: dict[AssetKey, Task], gates: dict[AssetKey, list[Task]]
) -> Iterable[int]:
    for parent in parents:
        if parent in makers:
            yield makers[parent].place
        for gate in gates.get(parent, ()):
            yield gate.place
