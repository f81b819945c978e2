"""Judges in one go what is plainly fresh, as most assets are at most looks."""

from __future__ import annotations

from collections.abc import Callable

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import InputVersion
from dagbook.staleness.fingerprint import fingerprint
from dagbook.staleness.judging import Judge
from dagbook.staleness.status import NO_FLAGS, AssetStatus
from dagbook.versions.carried import BESIDE


def plain_judge(judge: Judge) -> Callable[[AssetKey], None]:
    """A function that does what `judge.asset` does, where nothing was found before.

    Where no more is to be asked than whether the asset's own record has the fingerprint of the code
    and of the data that it reads, it does so in a fifth of the time. Parents come before children.
    """
    graph, seen, found = judge.graph, judge.seen, judge.found
    nodes, codes, current = graph.nodes, seen.code, judge.history.current
    assets, data, stopped = found.assets, found.data, found.stopped
    new = tuple.__new__
    # What rests on more than that, and what stands so that it is to be asked for what is below.
    others = {*graph.apart, *graph.several, *seen.lost, *seen.others}
    doubtful: set[AssetKey] = set()

    def finds(key: AssetKey) -> bool:
        code, now, node = codes.get(key), current.get(key), nodes[key]
        own = now.materialization if now is not None else None
        if code is None or now is None or own is None or key in others:
            return False
        if node.waited or now.pinned or code.notes:
            return False
        inputs, read = [], []
        for item in node.inputs:
            name, parent = item.name, item.key
            version = data.get(parent)
            if version is None or parent in doubtful or parent in stopped:
                return False
            inputs.append(new(InputVersion, (name, parent, version)))
            read.append((name, version))
        digest, version = code.digest, own.data_version
        mark = fingerprint(digest, "result", read, (), {})
        if mark != own.fingerprint or BESIDE in version:
            return False
        told = (key, "fresh", (), now.last_run, NO_FLAGS, own, False, mark, digest)
        assets[key] = new(AssetStatus, (*told, tuple(inputs), (), now.error, ()))
        data[key] = version
        return True

    def asset(key: AssetKey) -> None:
        if not finds(key):
            judge.asset(key)
            if not assets[key].is_fresh or assets[key].blocked_by:
                doubtful.add(key)

    return asset
