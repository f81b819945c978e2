"""Judges in one go what is plainly fresh, as most assets are at most looks."""

from __future__ import annotations

from collections.abc import Callable

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import InputVersion
from dagbook.staleness.fingerprint import fingerprint
from dagbook.staleness.judging import Judge
from dagbook.staleness.status import SETTLED, AssetStatus
from dagbook.versions.carried import classes_in


def plain_judge(judge: Judge) -> Callable[[AssetKey], bool]:
    """Gives a function that finds the status of an asset of which nothing was found before.

    It answers False, and has found nothing, where more is to be asked than whether the asset's own
    record has the fingerprint of the code and of the data that it reads. What it finds is what
    `judge.asset` finds, in a fifth of the time.
    """
    graph, seen, found = judge.graph, judge.seen, judge.found
    nodes, codes, current = graph.nodes, seen.code, judge.history.current
    assets, data, stopped = found.assets, found.data, found.stopped
    others = {*graph.apart, *graph.several, *seen.lost, *seen.others}

    def finds(key: AssetKey) -> bool:
        code, now, node = codes.get(key), current.get(key), nodes[key]
        own = now.materialization if now is not None else None
        if code is None or now is None or own is None or key in others or node.waited:
            return False
        if now.pinned or code.notes:
            return False
        inputs, read = [], []
        for item in node.inputs:
            above, version = assets.get(item.key), data.get(item.key)
            if above is None or version is None or above.state not in SETTLED:
                return False
            if above.blocked_by or item.key in stopped:
                return False
            inputs.append(InputVersion(item.name, item.key, version))
            read.append((item.name, version))
        mark = fingerprint(code.digest, "result", read, (), {})
        version = own.data_version
        if mark != own.fingerprint or classes_in(version):
            return False
        assets[key] = AssetStatus(
            key,
            "fresh",
            last_run=now.last_run,
            materialization=own,
            fingerprint=mark,
            code_version=code.digest,
            inputs=tuple(inputs),
            error=now.error,
        )
        data[key] = version
        return True

    return finds
