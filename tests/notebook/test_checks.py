"""`%%asset_check` and `%failing`: verdicts, failing rows and gates."""

from __future__ import annotations

import pytest

from dagbook.errors.execution import BlockingCheckFailed
from tests.notebook.shells import Notebook

ORDERS = "%%asset orders\nimport pandas as pd\npd.DataFrame({'id': [1, 2], 'amount': [5.0, None]})"


def judgement(notebook: Notebook, check: str = "c") -> str:
    """How the check of `orders` stands."""
    found = {str(key): one for key, one in notebook.workspace.check_statuses().items()}
    return str(found[f"orders.{check}"].judgement)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("len(orders) == 2", "passed"),
        ("len(orders) == 3", "failed"),
        ("(orders.amount > 1).all()", "failed"),
        ("len(orders) == 2, {'rows': len(orders)}", "passed"),
        ("assert len(orders) == 2", "passed"),
        ("assert len(orders) == 3, 'wrong length'", "failed"),
        ("orders[orders.amount.isna()]", "failed"),
        ("orders[orders.id > 9]", "passed"),
        (
            "from dagbook import AssetCheckResult\nAssetCheckResult(passed=len(orders) > 5)",
            "failed",
        ),
        ("for row in orders.id:\n    assert row > 0", "passed"),
    ],
)
def test_a_verdict_has_many_forms(notebook: Notebook, body: str, expected: str) -> None:
    """A bool, a bool with metadata, an assertion, failing rows and a result are all verdicts."""
    notebook(ORDERS)
    notebook(f"%%asset_check c\n{body}")
    assert judgement(notebook) == expected


def test_a_failed_verdict_is_shown_and_not_raised(notebook: Notebook) -> None:
    """The cell of a check shows how it fails; nothing went wrong in the cell."""
    notebook(ORDERS)
    ran = notebook("%%asset_check c --blocking\norders[orders.amount.isna()]")
    assert "orders.c  ✗ failed  stops what is downstream             1" in ran.text
    assert "%failing orders.c" in ran.text


def test_a_check_that_raises_raises_in_its_cell(notebook: Notebook) -> None:
    """An error in a check's body is the user's own error, with the cell's line."""
    notebook(ORDERS)
    ran = notebook("%%asset_check c --asset orders\norders.amont.sum()", fails=True)
    assert isinstance(ran.error, AttributeError)
    assert "----> 2 orders.amont.sum()" in ran.printed


def test_failing_rows_are_had_back_as_a_frame(notebook: Notebook) -> None:
    """`%failing` gives all rows that failed, as the check gave them."""
    notebook(ORDERS)
    notebook("%%asset_check c\norders[orders.amount.isna()]")
    rows = notebook("rows = %failing orders.c\nrows").value
    assert rows.to_dict("list")["id"] == [2]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("len(orders) > 0", "`orders.c` passed: it has no failing rows."),
        (
            "assert orders.empty, 'not yet'",
            "`orders.c` failed (not yet) by a verdict alone, without rows. A check whose body ends "
            "with the frame of the rows that are wrong keeps them.",
        ),
        ("orders.nix", "`orders.c` raised AttributeError: "),
    ],
)
def test_a_check_without_failing_rows_says_why(notebook: Notebook, body: str, told: str) -> None:
    """`%failing` of a check without rows gives nothing and one sentence."""
    notebook(ORDERS)
    notebook.attempt(f"%%asset_check c --asset orders\n{body}")
    ran = notebook("%failing orders.c")
    assert ran.value is None
    assert ran.text.startswith(told)


def test_a_check_that_was_not_judged_says_what_judges_it(notebook: Notebook) -> None:
    """Its asset has to be made first."""
    notebook("%%asset total --lazy\n1")
    notebook("%%asset_check c\ntotal > 0")
    told = "`total.c` is not judged on the current data: `%materialize total` judges it."
    assert notebook("%failing total.c").text == told


def test_what_is_unknown_is_answered_by_what_there_is(notebook: Notebook) -> None:
    """Where no name is like it."""
    notebook("%%asset total\n1")
    notebook("%%asset_check positive\ntotal > 0")
    told = "`total` has no check named `nix`. There is `positive`."
    assert notebook.message("%failing total.nix").endswith(told)
    assert notebook.message("%asset nix").endswith("No asset is named `nix`. There is `total`.")
    told = "MissingArgument: %failing needs ASSET.CHECK: %failing ASSET.CHECK."
    assert told in notebook.message("%failing")


def test_an_empty_frame_of_failing_rows_passes(notebook: Notebook) -> None:
    """SQL that finds no wrong row passes."""
    notebook(ORDERS)
    notebook("%%asset_check c --sql\nselect * from orders where id > 5")
    assert judgement(notebook) == "passed"


def test_failing_needs_asset_and_check(notebook: Notebook) -> None:
    """Half a name is answered with a whole one."""
    notebook(ORDERS)
    notebook("%%asset_check c\norders[orders.amount.isna()]")
    assert notebook.message("%failing orders") == (
        "IncompleteMagic: `%failing orders` does not say which check of which asset. "
        "Write `%failing orders.c`."
    )


def test_severity_warn_warns(notebook: Notebook) -> None:
    """A failed check of severity warn stops nothing, even if it blocks."""
    notebook(ORDERS)
    notebook("%%asset_check c --severity warn --blocking\nlen(orders) > 5")
    assert judgement(notebook) == "warned"
    notebook("%%asset below\nlen(orders)")
    assert notebook.state("below") == "fresh"


def test_a_blocking_verdict_holds_what_is_below(notebook: Notebook) -> None:
    """The cell below is registered with the gate's name; `%materialize` raises, and can be told to go on."""
    notebook(ORDERS)
    notebook("%%asset_check c --blocking\nlen(orders) > 5")
    ran = notebook("%%asset below\nlen(orders)")
    assert ran.text.splitlines()[-1] == (
        "Registered. `orders.c` fails, and it waits for that; "
        "`%materialize below --ignore-checks` runs it all the same."
    )
    message = notebook.message("%materialize below").splitlines()[-1]
    assert message == "BlockingCheckFailed: Blocking checks failed: orders.c; not run: below."
    notebook("%materialize below --ignore-checks")
    assert notebook("below").value == 2


def test_an_assets_cell_shows_its_checks(notebook: Notebook) -> None:
    """Running the cell of an asset judges its checks on the new data."""
    notebook(ORDERS)
    notebook("%%asset_check c\nlen(orders) == 2")
    ran = notebook("%%asset orders\n[1]")
    assert "orders.c  ✗ failed" in ran.text


def test_the_asset_is_inferred_where_one_is_read(notebook: Notebook) -> None:
    """Two assets in one check leave open which one it judges."""
    notebook(ORDERS)
    notebook("%%asset users\n[1]")
    assert notebook.message("%%asset_check c\nlen(orders) == len(users)") == (
        "UnknownCheckedName: The check `c` reads `orders`, `users`. "
        "Say which one it judges: `--asset orders`."
    )
    notebook("%%asset_check c --asset orders\nlen(orders) > len(users)")
    assert judgement(notebook) == "passed"


def test_a_check_may_come_before_its_asset(notebook: Notebook) -> None:
    """With `--asset` it is registered, and judged as soon as the asset is made."""
    ran = notebook("%%asset_check c --asset orders\nlen(orders) == 2")
    assert ran.text.splitlines()[-1] == "Registered. No cell defines `orders` yet."
    notebook(ORDERS)
    assert judgement(notebook) == "passed"


def test_checks_that_were_judged_before_are_told_all_the_same(notebook: Notebook) -> None:
    """Who asks for checks alone sees what they say, also where none has to be asked again."""
    notebook("%%asset orders\n[1, 2]", cell="a")
    notebook("%%asset_check few\nlen(orders) < 2", cell="b")
    ran = notebook("%materialize checks(orders)")
    assert ran.text.splitlines()[:3] == [
        "Judged before, on this data",
        "check       verdict",
        "orders.few  ✗ failed",
    ]


def test_a_check_of_one_of_several_assets_made_together_is_judged_at_once(
    notebook: Notebook,
) -> None:
    """Its asset is there already, so that nothing is made for it, and its gate holds from now on."""
    notebook("%%multi_asset left right\nleft, right = [1], [2]")
    ran = notebook("%%asset_check c --asset left --blocking\nlen(left) > 5")
    assert ran.error is None
    (status,) = notebook.workspace.check_statuses().values()
    assert status.judgement == "failed"
    assert "blocked" in notebook("%%asset below\nleft").text


def test_what_is_blocked_is_called_so_everywhere(notebook: Notebook) -> None:
    """Also where its value is up to date: no run of it is green until the check passes."""
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%%asset raw\n3", cell="a")
    notebook("%%asset_check fine --asset raw --blocking\nraw > 5", cell="b")
    notebook("%%asset low\nraw + 1", cell="c")
    notebook("%materialize --ignore-checks")
    for asked in ("%asset low", "%stale", "%materialize low --dry-run"):
        assert "⊘ blocked" in notebook(asked).text, asked
    assert isinstance(notebook.attempt("%materialize low").error, BlockingCheckFailed)
    notebook("%%asset_check fine --asset raw --blocking\nraw > 1", cell="b")
    assert "1 fresh" in notebook("%materialize low").text
