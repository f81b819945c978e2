"""The attributes of the language: which values each takes, and which can't be asked here."""

from __future__ import annotations

from enum import Enum

from dagbook.records import dataclass


class Form(Enum):
    """How an attribute is written."""

    VALUE = "name:value"
    PAIR = "name:key=value"
    CHECK = "name:asset.check"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRule:
    """One attribute.

    `null`: `<null>` may stand as its value; `values`: the only values that it takes; `wide`: it
    leaves external assets out unless told otherwise; `absent`: why nothing here can answer it.
    """

    form: Form = Form.VALUE
    null: bool = False
    values: tuple[str, ...] = ()
    wide: bool = False
    absent: str = ""


IS_VALUES = ("external", "materializable", "selected")
STATUS_VALUES = (
    "missing",
    "stale",
    "fresh",
    "external",
    "blocked",
    "failed",
    "running",
    "pinned",
)
CHECK_VALUES = ("failed", "passed", "warned", "missing")
CHANGED_VALUES = ("code", "dependencies", "data", "file")
PARTITION_VALUES = ("none", "static", "dynamic", "time", "multipartitions")


def _absent(reason: str, form: Form = Form.VALUE) -> AttributeRule:
    return AttributeRule(form=form, null=form is Form.VALUE, absent=reason)


_NO_SCHEDULING = "nothing here runs by itself"

ATTRIBUTES = {
    "key": AttributeRule(),
    "group": AttributeRule(null=True, wide=True),
    "kind": AttributeRule(null=True, wide=True),
    "tag": AttributeRule(form=Form.PAIR, wide=True),
    "owner": AttributeRule(null=True),
    "is": AttributeRule(values=IS_VALUES),
    "status": AttributeRule(values=STATUS_VALUES),
    "check": AttributeRule(values=CHECK_VALUES),
    "changed": AttributeRule(values=CHANGED_VALUES),
    "column": AttributeRule(),
    "table_name": AttributeRule(),
    "partitions": AttributeRule(null=True),
    "check_key": AttributeRule(form=Form.CHECK),
    "column_tag": _absent("columns have no tags here; ask `column:`", Form.PAIR),
    "changed_in_branch": _absent("versions are compared, not branches; ask `changed:code`"),
    "code_location": _absent("a workspace is one code location"),
    "automation_type": _absent(_NO_SCHEDULING),
    "sensor": _absent(_NO_SCHEDULING),
    "schedule": _absent(_NO_SCHEDULING),
    "job": _absent("a job is a selection with a name; write its selection"),
}

# What each function makes of its argument; `with_external` only changes how the argument is read.
FUNCTIONS = {
    "sinks": "those with nothing selected downstream",
    "roots": "those with nothing selected upstream",
    "checks": "the checks of these assets, without the assets",
    "without_checks": "these assets, without their checks",
    "with_external": "`*`, `not`, groups, kinds and tags with the external assets in them",
}
