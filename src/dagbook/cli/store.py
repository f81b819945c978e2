"""`dagbook gc` and `dagbook check-store`: care for the store of a notebook, or of the current folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagbook.cli.arguments import CheckStoreArguments, GcArguments
from dagbook.cli.outcome import FAILED, OK
from dagbook.cli.streams import Streams
from dagbook.engine.store import Store
from dagbook.engine.workspace import Workspace
from dagbook.errors.headless import UnreadableNotebook
from dagbook.errors.store import NoStore
from dagbook.events.records import ValueAddress
from dagbook.io.layout import find_store
from dagbook.io.objects import GRACE
from dagbook.views.quantities import counted, size

# Of what is given up before its file may go.
_LATER = "are given up and go with a later `dagbook gc`, an hour after they were written."


def collect_garbage(arguments: GcArguments, streams: Streams) -> int:
    """Remove old values, or only look which; and say how much room that makes."""
    with _store_of(arguments.notebook) as workspace:
        log, keep = workspace.store.log, arguments.keep
        before = {one.address: one for one in log.values()}
        left = log.prune(workspace.settings.keep if keep is None else keep, dry_run=True)
        swept = workspace.collect_garbage(keep, dry_run=arguments.dry_run)
        store = workspace.store
        young = [
            one for one in before.values() if one.address not in left and _is_young(store, one)
        ]
    old = [one for address, one in before.items() if address not in left]
    small = [one for one in old if one.inline]
    freed = size(swept.bytes + sum(one.size for one in small))
    done = "Would remove" if arguments.dry_run else "Removed"
    kept = _counted([before[address] for address in left if address in before])
    removed = counted(swept.objects + len(small), "value")
    later = f" {_counted(young)} more {_LATER}" if young else ""
    print(f"{done} {removed} ({freed}); kept: {kept}.{later}", file=streams.report)
    return OK


def _is_young(store: Store, address: ValueAddress) -> bool:
    """Whether a value has a file that is too young to be removed: a run may be about to name it."""
    stored = store.stored(address)
    if stored is None or stored.inline is not None:
        return False
    try:
        return os.stat(store.objects.path(stored)).st_ctime > time.time() - GRACE
    except OSError:
        return False


def _counted(values: list[ValueAddress]) -> str:
    return f"{counted(len(values), 'value')} ({size(sum(one.size for one in values))})"


def check_store(arguments: CheckStoreArguments, streams: Streams) -> int:
    """Read every kept value; names the lost and the damaged ones, and fails where there are any."""
    with _store_of(arguments.notebook) as workspace:
        checked = 0
        faults: list[str] = []
        for address in workspace.store.log.values():
            checked += 1
            stored = workspace.store.stored(address)
            if stored is None or not workspace.store.objects.look(stored).exists:
                faults.append(f"lost: {address.address} ({address.format}, {size(address.size)})")
            elif not workspace.store.objects.verify(stored):
                faults.append(f"damaged: {address.address} ({address.format})")
    for fault in faults:
        print(fault, file=streams.report)
    told = f"{counted(len(faults), 'value')} lost or damaged" if faults else "all are whole"
    print(f"Checked {counted(checked, 'value')}: {told}.", file=streams.report)
    return FAILED if faults else OK


@contextmanager
def _store_of(notebook: Path | None) -> Iterator[Workspace]:
    """The store of a notebook, or that which one of this folder has; none is made."""
    if notebook is not None and not notebook.is_file():
        raise UnreadableNotebook(path=str(notebook), problem="there is no such file")
    root = find_store(notebook.parent if notebook else Path.cwd(), os.environ)
    if not (root / "format").is_file():
        raise NoStore(path=str(root), problem="there is none")
    with Workspace(root) as workspace:
        yield workspace
