"""Why defining a cell does not run it at once, each reason with what to type."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Iterator

from dagbook.definitions.assets import AssetsDefinition, Definition
from dagbook.definitions.keys import (
    AssetCheckKey,
    AssetKey,
    nearest_keys,
    unmistakable,
    user_strings,
)
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import did_you_mean, nearest
from dagbook.errors.definitions import DependencyCycle
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.graph.traversal import find_cycle, reach
from dagbook.notebook.session import NotebookSession, keys_of
from dagbook.staleness.status import Statuses
from dagbook.views.quantities import duration

_OF_IPYTHON = frozenset(["In", "Out", "exit", "quit", "open", "get_ipython"])


def why_not_now(
    session: NotebookSession, standing: Statuses, definition: Definition, lazy: bool
) -> str | None:
    """Why a definition that is not up to date is only registered; None where it can run."""
    (first, *_), graph = keys_of(definition), session.workspace.graph
    if isinstance(first, AssetCheckKey):
        return _why_no_check(session, standing, graph.check(first))
    node = graph.node(first)
    if not isinstance(definition, AssetsDefinition):
        return None if node.is_external and standing.assets[first].is_fresh else "Registered."
    if graph.has_cycle:
        above = graph.sorted(reach(definition.keys, graph.parents))
        if (ring := find_cycle(above, graph.parents)) is not None:
            return f"Registered. {DependencyCycle(keys=user_strings(ring))}"
    command = f"%materialize {' or '.join(map(str, definition.keys))}"
    one = len(definition.keys) == 1
    it, results = ("it", "its kept result") if one else ("them", "their kept results")
    unknown = [*_undefined(session, graph.parents(first)), *_unnamed(session, definition, node)]
    if unknown:
        return f"Registered. {' '.join(unknown)} Once that is there, `{command}` makes {it}."
    if lazy or definition.upkeep.lazy or session.workspace.settings.on_define == "register":
        kept = all(standing.assets[key].is_fresh for key in definition.keys)
        does = f"takes {results} at once" if kept else f"makes {it}"
        return f"Registered. `{command}` {does}."
    return _not_ready(session.workspace, standing, definition, command)


def _not_ready(
    workspace: Workspace, standing: Statuses, definition: AssetsDefinition, command: str
) -> str | None:
    found = [standing.assets[key] for key in definition.keys]
    failing = dict.fromkeys(check for status in found for check in status.blocked_by)
    # What is stale above would run, and be judged anew.
    blocked = [f"`{one}`" for one in failing if standing.assets[one.asset_key].is_fresh]
    above = dict.fromkeys(p for key in definition.keys for p in workspace.graph.parents(key))
    waiting = [f"`{parent}`" for parent in above if not standing.assets[parent].is_fresh]
    if waiting and not blocked:
        are, runs = ("is", "both") if len(waiting) == 1 else ("are", "all of them")
        needed = reach(above, workspace.graph.parents)
        stale = sum(not standing.assets[key].is_fresh for key in needed)
        if stale > len(waiting):
            runs = f"all {stale + len(definition.keys)} that are not"
        return f"Registered. {_listed(waiting)} {are} not up to date: `{command}` runs {runs}."
    if blocked:
        fails = "fails" if len(blocked) == 1 else "fail"
        return (
            f"Registered. {_listed(blocked)} {fails}, and it waits for that; "
            f"`{command} --ignore-checks` runs it all the same."
        )
    cost = sum(workspace.durations().get(key, 0.0) for key in definition.keys)
    if cost > workspace.settings.ask_above and not all(s.is_fresh for s in found):
        return f"Registered. It took {duration(cost)} the last time: `{command}` runs it."
    return None


def _why_no_check(session: NotebookSession, standing: Statuses, check: CheckNode) -> str | None:
    asset = check.key.asset_key
    undefined = _undefined(session, [asset, *[item.key for item in check.inputs]])
    if undefined:
        return f"Registered. {' '.join(undefined)}"
    if not standing.assets[asset].is_fresh:
        together = session.workspace.graph.node(asset).together
        return (
            f"Registered. `{asset}` is not up to date: "
            f"`%materialize {' or '.join(map(str, together))}` makes it and judges it."
        )
    return None


def _undefined(session: NotebookSession, keys: Iterable[AssetKey]) -> list[str]:
    """A sentence for each of these assets that no cell defines."""
    graph = session.workspace.graph
    declared = [key for key in graph.keys if graph.node(key).declared]
    return [
        f"No cell defines `{unmistakable(key)}` yet.{did_you_mean(nearest_keys(key, declared))}"
        for key in dict.fromkeys(keys)
        if key not in graph or not graph.node(key).declared
    ]


def _unnamed(
    session: NotebookSession, definition: AssetsDefinition, node: AssetNode
) -> Iterator[str]:
    """A sentence for each name that the body reads and that nothing has yet."""
    space, inputs = session.namespace, {item.name for item in node.inputs}
    for name in sorted(definition.candidates - inputs - space.keys()):
        if hasattr(builtins, name) or session.key_named(name) in node.parents:
            continue
        if session.key_named(name) is not None:
            yield f"No cell has defined `{name}` yet."
            continue
        if name in sys.modules["dagbook"].__all__:
            yield f"Nothing is named `{name}` yet: `from dagbook import {name}`."
            continue
        own = [known for known in space if not known.startswith("_") and known not in _OF_IPYTHON]
        assets = [key.name for key in session.workspace.graph.keys if key not in definition.keys]
        yield f"Nothing is named `{name}` yet.{did_you_mean(nearest(name, [*assets, *own]))}"


def _listed(names: Iterable[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
