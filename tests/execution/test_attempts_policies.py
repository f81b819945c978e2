"""Trying again: how often, after which pause, and what puts an end to it."""

from __future__ import annotations

import pytest

from dagbook import Backoff, Failure, Jitter, RetryPolicy, RetryRequested
from dagbook.execution.attempts import with_attempts


@pytest.mark.parametrize(
    ("policy", "pauses"),
    [
        (RetryPolicy(max_retries=3), []),
        (RetryPolicy(max_retries=3, delay=2), [2, 2, 2]),
        (RetryPolicy(max_retries=3, delay=2, backoff=Backoff.LINEAR), [2, 4, 6]),
        (RetryPolicy(max_retries=3, delay=2, backoff=Backoff.EXPONENTIAL), [2, 6, 14]),
    ],
)
def test_the_pauses_grow_as_the_policy_says(policy: RetryPolicy, pauses: list[float]) -> None:
    """One pause before each retry, none where no delay is given."""
    slept: list[float] = []

    def fails(number: int) -> None:
        raise ValueError(number)

    with pytest.raises(ValueError, match="3"):
        with_attempts(policy, fails, slept.append)
    assert slept == pauses


@pytest.mark.parametrize(("jitter", "most"), [(Jitter.FULL, 1.0), (Jitter.PLUS_MINUS, 2.0)])
def test_jitter_stays_within_its_bounds(jitter: Jitter, most: float) -> None:
    """From nothing to the delay, or to twice the delay."""
    policy = RetryPolicy(max_retries=1, delay=1.0, jitter=jitter)
    assert [policy.pause(1, chance) for chance in (0.0, 1.0)] == [0.0, most]


def test_a_failure_that_allows_no_retry_ends_it() -> None:
    """It is raised at once, whatever the policy is."""
    tries: list[int] = []

    def fails(number: int) -> None:
        tries.append(number)
        raise Failure("final", allow_retries=False)

    with pytest.raises(Failure, match="final"):
        with_attempts(RetryPolicy(max_retries=5), fails)
    assert tries == [0]


def test_a_body_may_ask_to_be_run_again() -> None:
    """As often and as late as it says itself, without any policy."""
    slept: list[float] = []

    def asks(number: int) -> int:
        if number < 2:
            raise RetryRequested(max_retries=2, seconds_to_wait=0.5)
        return number

    assert with_attempts(None, asks, slept.append) == 2
    assert slept == [0.5, 0.5]
