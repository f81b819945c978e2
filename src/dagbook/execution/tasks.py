"""The order of a run: which step or check waits for which."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import field

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.planning.plan import Plan, Step
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """A step, or checks that one body judges, with its place in the order."""

    place: int
    step: Step | None = None
    checks: tuple[AssetCheckKey, ...] = ()


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
    """Steps in the order of the plan, each check right after the last asset that its body judges."""
    tasks = _tasks(graph, plan)
    makers = {key: task for task in tasks if task.step for key in task.step.keys}
    gates: dict[AssetKey, list[Task]] = {}
    for task in tasks:
        for check in task.checks:
            if graph.checks[check].spec.blocking:
                gates.setdefault(check.asset_key, []).append(task)
    agenda = Agenda()
    for task in tasks:
        before = _before(graph, task, makers, gates)
        agenda.waiting[task.place] = len(before)
        for place in before:
            agenda.followers.setdefault(place, []).append(task)
        if not before:
            agenda.ready.append((task.place, task))
    return agenda


def _tasks(graph: AssetGraph, plan: Plan) -> list[Task]:
    after = _after(graph, plan)
    found: list[Task] = []
    for step in plan.steps:
        found.append(Task(len(found), step=step))
        for key in step.keys:
            for checks in after.pop(key, ()):
                found.append(Task(len(found), checks=checks))
    for alone in after.values():
        for checks in alone:
            found.append(Task(len(found), checks=checks))
    return found


def _after(graph: AssetGraph, plan: Plan) -> dict[AssetKey, list[tuple[AssetCheckKey, ...]]]:
    """The checks of each body by the last of their assets in the order of the plan."""
    groups: dict[int, list[AssetCheckKey]] = {}
    for check in plan.checks:
        groups.setdefault(id(graph.checks[check].definition), []).append(check)
    order = {key: place for place, key in enumerate(plan.keys)}
    after: dict[AssetKey, list[tuple[AssetCheckKey, ...]]] = {}
    for checks in groups.values():
        last = max([check.asset_key for check in checks], key=lambda key: order.get(key, -1))
        after.setdefault(last, []).append(tuple(checks))
    return after


def _before(
    graph: AssetGraph,
    task: Task,
    makers: dict[AssetKey, Task],
    gates: dict[AssetKey, list[Task]],
) -> set[int]:
    """The places of the tasks that must end before this one begins."""
    if task.step is None:
        nodes = [graph.checks[check] for check in task.checks]
        return {makers[key].place for node in nodes for key in node.parents if key in makers}
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
