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

    def wholly(key: AssetKey) -> None:
        judge.asset(key)
        if not assets[key].is_fresh or assets[key].blocked_by:
            doubtful.add(key)

    def asset(key: AssetKey) -> None:
        code, now, node = codes.get(key), current.get(key), nodes[key]
        if code is None or now is None or code.notes or node.waited:
            return wholly(key)
        _, own, last_run, _, error, _, pinned = now
        if own is None or pinned or (others and key in others):
            return wholly(key)
        inputs = []
        for item in node.inputs:
            parent = item.key
            version = data.get(parent)
            barred = (doubtful and parent in doubtful) or (stopped and parent in stopped)
            if version is None or barred:
                return wholly(key)
            inputs.append(new(InputVersion, (item.name, parent, version)))
        digest, version, mark = code.digest, own.data_version, own.fingerprint
        if fingerprint(digest, "result", inputs, (), {}) != mark or BESIDE in version:
            return wholly(key)
        read = tuple(inputs)
        told = (key, "fresh", (), last_run, NO_FLAGS, own, False, mark, digest, read, (), error, ())
        assets[key] = new(AssetStatus, told)
        data[key] = version

    return asset
