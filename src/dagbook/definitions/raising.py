"""What a body may raise to say how it failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Failure(Exception):
    """A failure on purpose, with a description and metadata; `allow_retries=False` ends it at once.

    >>> Failure("no rows", metadata={"day": "Monday"}, allow_retries=False).metadata
    {'day': 'Monday'}
    """

    def __init__(
        self,
        description: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        allow_retries: bool | None = None,
    ) -> None:
        super().__init__(description or "")
        self.description = description
        self.metadata: dict[str, Any] = dict(metadata or {})
        self.allow_retries = True if allow_retries is None else allow_retries

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.description, self.metadata, self.allow_retries)


class RetryRequested(Exception):
    """Asks to be run again, at most `max_retries` times, after `seconds_to_wait`.

    >>> RetryRequested(max_retries=2, seconds_to_wait=0.5).max_retries
    2
    """

    def __init__(self, max_retries: int = 1, seconds_to_wait: float | None = None) -> None:
        super().__init__(f"it asked to be run again, at most {max_retries} times")
        self.max_retries = max_retries
        self.seconds_to_wait = seconds_to_wait

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.max_retries, self.seconds_to_wait)
