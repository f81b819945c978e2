"""What a check may hand back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dagbook.definitions.results import AssetCheckResult
from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import InvalidVerdict
from dagbook.execution.verdicts import judged
from tests.engine.typed import define

EMPTY, FULL = pd.DataFrame({"n": []}), pd.DataFrame({"n": [1, 2]})


@pytest.mark.parametrize(
    ("given", "passed", "rows"),
    [
        (True, True, None),
        (False, False, None),
        (np.True_, True, None),
        (np.False_, False, None),
        ((True, {"n": 1}), True, None),
        ((np.False_, {}), False, None),
        (EMPTY, True, 0),
        (FULL, False, 2),
        (AssetCheckResult(passed=True), True, None),
        (AssetCheckResult(passed=False, failing_rows=FULL), False, 2),
    ],
)
def test_forms_of_verdicts(given: object, passed: bool, rows: int | None) -> None:
    """Bools, bools with metadata, frames of failing rows, results."""
    verdict = judged("c", "ERROR", given)
    assert (verdict.result.passed, verdict.row_count) == (passed, rows)


@pytest.mark.parametrize(
    "given", [None, 1, "yes", [], (True,), (True, 1), (1, {}), pd.Series([True]), np.array([True])]
)
def test_what_is_no_verdict(given: object) -> None:
    """Nothing turns green for want of an answer."""
    with pytest.raises(InvalidVerdict, match="The check `c` gave"):
        judged("c", "ERROR", given)


def test_at_most_a_million_rows_are_kept() -> None:
    """All are counted."""
    verdict = judged("c", "ERROR", pd.DataFrame({"n": np.zeros(1_000_001, dtype="int8")}))
    assert (len(verdict.rows), verdict.row_count) == (1_000_000, 1_000_001)


def test_a_raised_assertion_fails_with_its_message(workspace: Workspace) -> None:
    """It is a verdict and no error."""
    define(workspace, "@asset\ndef a():\n    return 1\n")
    define(workspace, "@asset_check(asset='a')\ndef c(a):\n    assert a > 1, 'too small'\n")
    result = workspace.materialize()
    assert (result.success, result.checks[0].passed) == (True, False)
    assert (result.checks[0].description, result.checks[0].error) == ("too small", None)


def test_a_check_without_a_verdict_fails_the_run(workspace: Workspace) -> None:
    """Its asset is kept."""
    define(workspace, "@asset\ndef a():\n    return 1\n")
    define(workspace, "@asset_check(asset='a')\ndef c(a):\n    pass\n")
    with pytest.raises(InvalidVerdict, match=r"`a\.c` gave None"):
        workspace.materialize()
    assert workspace.value("a") == 1
