"""The type of what carries no value."""

from __future__ import annotations


class Nothing:
    """Marks an input that is only waited for, and an output that hands no value over.

    >>> from dagbook import In, op
    >>> @op(ins={"ready": In(Nothing)})
    ... def report():
    ...     return "done"
    >>> [parameter.name for parameter in report.ins]
    ['ready']
    """

    __slots__ = ()


def is_nothing(annotation: object) -> bool:
    """Whether this declares that there is no value: `Nothing`, None or its type."""
    return annotation is Nothing or annotation is None or annotation is type(None)
