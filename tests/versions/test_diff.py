"""What changed between two code versions."""

from __future__ import annotations

import pytest

from dagbook.cells.define_sql import TableQuery
from dagbook.cells.query import SqlQuery
from dagbook.cells.sql import parse_query
from dagbook.versions.code import Evaluation
from dagbook.versions.diff import changed_words, explain
from dagbook.versions.document import encode_parts
from dagbook.versions.parts import Part
from tests.versions.cells import version_of

BEFORE = "RATE = 1\ndef clean(x):\n    return x * RATE\ndef body(x):\n    return clean(x)"


def test_a_changed_helper_is_named_with_its_lines() -> None:
    """The helper that changed is named, and the diff shows its normalised text."""
    after = BEFORE.replace("x * RATE", "x + RATE  # sum")
    (change,) = explain(version_of(BEFORE).parts, version_of(after).parts)

    assert str(change) == "function `clean` changed"
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
    """In the sentence, so that a diff would say it twice."""
    (change,) = explain(
        version_of(BEFORE).parts, version_of(BEFORE.replace("RATE = 1", "RATE = 2")).parts
    )

    assert str(change) == "constant `RATE` changed: 1 → 2"
    assert change.diff == ""


def test_names_that_join_and_leave_are_told() -> None:
    """A body that reads another helper has changed, and so has what it reaches."""
    after = BEFORE.replace("    return clean(x)", "    return tidy(x)")
    changes = explain(version_of(BEFORE).parts, version_of(after).parts)

    assert [str(change) for change in changes] == [
        "the body changed",
        "constant `RATE` is no longer read",
        "function `clean` is no longer read",
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
    ("before", "after", "said"),
    [
        ("{'a': 1}", "{'a': 2}", ": {'a': 1} → {'a': 2}"),
        (
            "{'a': (1,), 'b': {2}}",
            "{'a': (1,), 'b': {3}}",
            ": {'a': (1,), 'b': {2}} → {'a': (1,), 'b': {3}}",
        ),
        ("list(range(40))", "[*range(39), 7]", "-  39,\n+  7,"),
        ("'x' * 40", "'y' * 40", f"-{'x' * 40!r}\n+{'y' * 40!r}"),
        ("[0] * 1000", "[0] * 1001", ": list of 1000 → list of 1001"),
    ],
)
def test_a_changed_container_shows_what_it_held(before: str, after: str, said: str) -> None:
    """A few values as they are, an item a line where they are more, and many by their number."""
    texts = [f"LIMITS = {value}\ndef body(x): return LIMITS" for value in (before, after)]
    (change,) = explain(*(version_of(text).parts for text in texts))

    assert said in f"{change}\n{change.diff}"
    assert ("→" in str(change)) == (not change.diff)


def query_parts(sql: str, form: str = "pandas") -> tuple[Part, ...]:
    """The parts of the version of a query."""
    query = SqlQuery(parse_query(sql, name="q"), {}, form)
    return Evaluation(lambda _: False).code_version(TableQuery(query, frozenset())).parts


def test_a_changed_query_shows_the_lines_that_changed() -> None:
    """Neatly written, whatever its layout; a form that is not the default stands below."""
    before = query_parts("select a, sum(b) as n -- all\nfrom t where a > 1 group by a")
    after = query_parts("select a,\n  sum(b) as n\nfrom t where a > 2 group by a", "polars")
    (change,) = explain(before, after)

    told = [line for line in change.diff.splitlines()[2:] if line[0] in "+-"]
    assert told == ["-  a > 1", "+  a > 2", "+/* as polars */"]


def test_a_default_and_a_closure_are_called_so() -> None:
    """By the parameter, and by the variable that is held."""
    cell = "def make():\n    k = 1\n    def body(x=1):\n        return x + k\n    return body\nbody = make()"
    found = explain(
        version_of(cell).parts, version_of(cell.replace("= 1", "= 2").replace("=1", "=2")).parts
    )

    assert [str(one) for one in found] == [
        "the body changed",
        "variable `k` changed: 1 → 2",
        "default of `x` changed: 1 → 2",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, "1", "environment variable `DAGBOOK_X` is set now"),
        ("1", None, "environment variable `DAGBOOK_X` is not set any more"),
        ("1", "2", "environment variable `DAGBOOK_X` changed"),
    ],
)
def test_a_variable_of_the_environment_is_told_without_its_value(
    monkeypatch: pytest.MonkeyPatch, before: str | None, after: str | None, said: str
) -> None:
    """That it was set, or is another one; it may be a secret."""
    parts = []
    for value in (before, after):
        monkeypatch.delenv("DAGBOOK_X", raising=False)
        if value is not None:
            monkeypatch.setenv("DAGBOOK_X", value)
        parts.append(version_of("import os\ndef body(): return os.environ.get('DAGBOOK_X')").parts)
    (change,) = explain(*parts)

    assert (str(change), change.diff) == (said, "")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "display.width = 7", "option `pandas display.width` is set to 7"),
        ("display.width = 7", "", "option `pandas display.width` is as it came again"),
        (
            "display.max_rows = 5, display.width = 7",
            "display.max_rows = 5, display.width = '9, 9'",
            "option `pandas display.width` changed: 7 → '9, 9'",
        ),
        ("changed", "changed", "pandas.options changed"),
    ],
)
def test_a_setting_is_told_by_its_own_name(before: str, after: str, said: str) -> None:
    """Only what is set otherwise than when the value was made."""
    was, now = (
        tuple([Part("pandas.options", "content", str(at), text)] if text else [])
        for at, text in enumerate((before, after))
    )

    assert [str(one) for one in explain(was, now)] == [said]


def test_packages_are_told_only_where_nothing_else_differs() -> None:
    """They count where they are configured to, and then nothing of the code is another one."""
    was, now = (
        (Part("body", "body", "1"), Part("pandas", "package", text, f"pandas {text}"))
        for text in ("3.0", "3.1")
    )
    changed = (Part("body", "body", "2"), *now[1:])

    assert [str(one) for one in explain(was, now)] == ["package `pandas` changed: 3.0 → 3.1"]
    assert [str(one) for one in explain(was, changed)] == ["the body changed"]
    assert explain(was[:1], now) == ()


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (BEFORE.replace("RATE = 1", "RATE = 2"), "constant RATE changed: 1 → 2"),
        (BEFORE.replace("x * RATE", "x"), "function clean changed"),
        (BEFORE.replace("return clean(x)", "return x"), "code changed"),
    ],
)
def test_a_badge_says_what_changed_and_not_what_follows(after: str, said: str) -> None:
    """What is no longer read for it is left out."""
    assert changed_words(encode_parts(version_of(BEFORE).parts), version_of(after).parts) == said


def test_a_badge_counts_what_it_has_no_room_for() -> None:
    """Two changes are told; without a document only that there is one."""
    cells = [f"A = B = C = {n}\ndef body(): return A, B, C" for n in (1, 2)]
    was, now = (version_of(cell).parts for cell in cells)

    told = "constant A changed: 1 → 2, constant B changed: 1 → 2, 1 more"
    assert changed_words(encode_parts(was), now) == told
    assert changed_words(None, now) == "code changed"


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


def test_what_a_cell_told_a_package_is_told_as_that() -> None:
    """By the call, and not as a variable of that name."""
    was, now = ((Part("random.seed.last", "content", str(n), f"('seed', {n})"),) for n in (1, 2))
    told = "what `random.seed` was told changed: ('seed', 1) → ('seed', 2)"
    assert [str(one) for one in explain(was, now)] == [told]


def test_a_badge_tells_a_new_setting_beside_another_change() -> None:
    """It follows from nothing else."""
    was = (Part("LIMIT", "content", "1", "1"),)
    now = (Part("LIMIT", "content", "2", "2"), Part("locale", "content", "3", "LC_ALL = 'C'"))
    told = "constant LIMIT changed: 1 → 2, option locale LC_ALL is set to 'C'"
    assert changed_words(encode_parts(was), now) == told
