"""Aliases change imports and the module's name, and nothing else."""

from __future__ import annotations

import pytest

from dagbook.errors.render import BadAlias
from dagbook.tutorials.aliases import parse_alias, public_names, with_aliases

ALIAS = (("dagster", "dagbook"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import dagster as dg", "import dagbook as dg"),
        ("import a, dagster as dg, b", "import a, dagbook as dg, b"),
        ("from dagster import asset", "from dagbook import asset"),
        ("from dagster_duckdb import X", "from dagbook import X"),
        ("from dagster.sub import X", "from dagbook.sub import X"),
        ("import dagster\n@dagster.asset\ndef é(): return dagster.X", None),
        ("import dagster_duckdb\ndagster_duckdb.X", "import dagbook\ndagbook.X"),
        ("s = 'ä'; import dagster; dagster.x", "s = 'ä'; import dagbook; dagbook.x"),
        ("if True:\n    from dagster import (\n        a,\n    )", None),
        ("%time\nimport dagster", "%time\nimport dagbook"),
        ("# import dagster\nx = 'import dagster'", "# import dagster\nx = 'import dagster'"),
        ("import mydagster, dagsterx", "import mydagster, dagsterx"),
        ("from . import dagster", "from . import dagster"),
        ("x.dagster = dagster", "x.dagster = dagster"),
    ],
)
def test_imports_are_renamed(text: str, expected: str | None) -> None:
    """Comments, texts, attributes and names that nothing imported stay."""
    wanted = text.replace("dagster", "dagbook") if expected is None else expected
    assert with_aliases([text], ALIAS) == [wanted]


def test_a_name_counts_in_later_cells() -> None:
    """But not where it is bound anew."""
    texts = ["import dagster", "dagster.x", "dagster = 1\nprint(dagster)"]
    assert with_aliases(texts, ALIAS)[1:] == ["dagbook.x", texts[2]]


@pytest.mark.parametrize("text", ["dagster", "=x", "a=b c", "a-b=c"])
def test_an_alias_names_two_modules(text: str) -> None:
    """Anything else is an error of its own."""
    with pytest.raises(BadAlias):
        parse_alias(text)


def test_the_names_of_a_module_that_is_not_there_are_not_known() -> None:
    """The page is rendered all the same: it may run elsewhere."""
    assert public_names([("a", "no_such_module"), ("b", "dagbook")]).keys() == {"dagbook"}
