"""What changed between two code versions."""

from __future__ import annotations

import pytest

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


def test_comments_and_layout_do_not_show_beside_a_change() -> None:
    """Only the line that means something else is told, however far in its function stands."""
    cell = """
    def make():
        def clean(x):  # of the sort
            'Cleans.'
            return x*2
        return clean
    body = make()
    """
    after = cell.replace("x*2", "x * 3").replace("  # of the sort", "").replace("Cleans.", "Does.")
    (change,) = explain(version_of(cell).parts, version_of(after).parts)

    shown = [" def clean(x):", "-    return x * 2", "+    return x * 3"]
    assert change.diff.splitlines()[3:] == shown


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
        "`tidy` is not defined",
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


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("{'a': 1}", "{'a': 2}", ["-{'a': 1}", "+{'a': 2}"]),
        ("[1, 2]", "[1, 3]", ["-[1, 2]", "+[1, 3]"]),
        (
            "{'a': (1,), 'b': {2}}",
            "{'a': (1,), 'b': {3}}",
            ["-{'a': (1,), 'b': {2}}", "+{'a': (1,), 'b': {3}}"],
        ),
        ("list(range(40))", "[*range(39), 7]", ["-  39,", "+  7,"]),
        ("[0] * 1000", "[0] * 1001", ["-list of 1000", "+list of 1001"]),
    ],
)
def test_a_changed_container_shows_what_it_held(before: str, after: str, lines: list[str]) -> None:
    """A few values as they are, an item a line where they are more, and many by their number."""
    texts = [f"LIMITS = {value}\ndef body(x): return LIMITS" for value in (before, after)]
    (change,) = explain(*(version_of(text).parts for text in texts))

    told = [line for line in change.diff.splitlines()[2:] if line[0] in "+-"]
    assert told == lines


@pytest.mark.parametrize(
    "held", ["{{'password': '{0}'}}", "[('api_token', '{0}')]", "{{'auth': {{'n': '{0}'}}}}"]
)
def test_a_secret_in_a_container_shows_no_text(held: str) -> None:
    """What a name calls a secret is none of the texts that are kept, however deep it lies."""
    texts = [
        f"OPTIONS = {held.format(word)}\ndef body(x): return OPTIONS" for word in ("one", "two")
    ]
    (change,) = explain(*(version_of(text).parts for text in texts))

    assert change.old is not None
    assert "a secret" in change.old.text
    assert change.diff == ""


def test_a_name_that_nothing_has_any_more_is_not_new() -> None:
    """Such as the old name of an asset, which the body still reads."""
    after = BEFORE.replace("RATE = 1\n", "")
    (change,) = explain(version_of(BEFORE).parts, version_of(after).parts)

    assert str(change) == "`RATE` is not defined"
    assert "RATE" not in change.diff
