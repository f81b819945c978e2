"""What changed between two code versions."""

from __future__ import annotations

from dagbook.versions.diff import explain
from tests.versions.cells import version_of

BEFORE = "RATE = 1\ndef clean(x):\n    return x * RATE\ndef body(x):\n    return clean(x)"


def test_a_changed_helper_is_named_with_its_lines() -> None:
    """The helper that changed is named, and the diff shows its normalised text."""
    after = BEFORE.replace("x * RATE", "x + RATE  # sum")
    (change,) = explain(version_of(BEFORE).parts, version_of(after).parts)

    assert str(change) == "`clean` changed"
    assert "-    return x * RATE" in change.diff
    assert "+    return x + RATE" in change.diff
    assert "line 2" in change.place


def test_a_changed_constant_shows_both_values() -> None:
    """A number is its own text."""
    (change,) = explain(
        version_of(BEFORE).parts, version_of(BEFORE.replace("RATE = 1", "RATE = 2")).parts
    )

    assert change.name == "RATE"
    assert change.diff.splitlines()[-2:] == ["-1", "+2"]


def test_names_that_join_and_leave_are_told() -> None:
    """A body that reads another helper has changed, and so has what it reaches."""
    after = BEFORE.replace("    return clean(x)", "    return tidy(x)")
    changes = explain(version_of(BEFORE).parts, version_of(after).parts)

    assert [str(change) for change in changes] == [
        "the body changed",
        "`RATE` is no longer read",
        "`clean` is no longer read",
        "`tidy` is new",
    ]


def test_equal_versions_have_no_changes() -> None:
    """A comment is no change."""
    after = BEFORE.replace("return clean", "# why\n    return clean")

    assert explain(version_of(BEFORE).parts, version_of(after).parts) == ()


def test_a_secret_shows_no_text() -> None:
    """That it changed is told, and not to what."""
    texts = [f"DB_PASSWORD = '{word}'\ndef body(x): return DB_PASSWORD" for word in ("one", "two")]
    (change,) = explain(*(version_of(text).parts for text in texts))

    assert change.name == "DB_PASSWORD"
    assert change.diff == ""
