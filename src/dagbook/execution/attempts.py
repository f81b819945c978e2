"""Trying again what failed, as a policy or the failure itself says."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from dagbook.definitions.raising import Failure, RetryRequested
from dagbook.definitions.results import RetryPolicy

T = TypeVar("T")


def with_attempts(
    policy: RetryPolicy | None,
    attempt: Callable[[int], T],
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """What `attempt(number)` gives, called with 0, 1, … until it succeeds or may not be repeated.

    >>> tries = []
    >>> def attempt(number):
    ...     tries.append(number)
    ...     return 1 / number
    >>> with_attempts(RetryPolicy(max_retries=2), attempt), tries
    (1.0, [0, 1])
    """
    number = 0
    while True:
        try:
            return attempt(number)
        except Exception as error:
            pause = _pause(policy, error, number)
            if pause is None:
                raise
        if pause > 0:
            sleep(pause)
        number += 1


def _pause(policy: RetryPolicy | None, error: Exception, number: int) -> float | None:
    """Seconds to wait before the next attempt; None where there is to be none."""
    if isinstance(error, RetryRequested):
        return (error.seconds_to_wait or 0.0) if number < error.max_retries else None
    if isinstance(error, Failure) and not error.allow_retries:
        return None
    if policy is None or number >= policy.max_retries:
        return None
    return policy.pause(number + 1, random.random())
