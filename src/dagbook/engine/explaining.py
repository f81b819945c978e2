"""What changed in the code of an asset since its value was made."""

from __future__ import annotations

from dagbook.events.records import Materialization
from dagbook.log.protocol import EventLog
from dagbook.versions.code import CodeVersion
from dagbook.versions.diff import Change, explain
from dagbook.versions.document import decode_parts


def changes_since(
    log: EventLog, record: Materialization | None, code: CodeVersion | None
) -> tuple[Change, ...]:
    """Part by part with a diff; nothing where there is no value, or its code was not kept."""
    if record is None or code is None:
        return ()
    document = log.code(record.code_version)
    return () if document is None else explain(decode_parts(document), code.parts)
