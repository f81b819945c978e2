"""The panel tells of one asset what is urgent first, and nothing of it is markup."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.specs import AssetSpec
from dagbook.events.records import ErrorRecord
from dagbook.graph.asset_graph import AssetGraph
from dagbook.staleness.causes import CodeChanged
from dagbook.staleness.status import AssetStatus, CheckStatus
from dagbook.views.html import NO_MATH
from dagbook.views.metadata import metadata_html, value_html, value_text
from dagbook.views.panel import PanelSubject, panel_html, panel_sections, panel_text
from dagbook.views.preview import preview
from tests.views.graphs import HOSTILE, flights, record, verdict
from tests.views.test_tables import Tags

FACT = AssetKey("fact")
CHECK = AssetCheckKey(FACT, "complete")


def subject(**fields: object) -> PanelSubject:
    """A fact table that is stale since its code changed."""
    status = AssetStatus(FACT, "stale", (CodeChanged("a", "b"),), record=record("fact"))
    return PanelSubject(**{"node": flights().node(FACT), "status": status, **fields})  # type: ignore[arg-type]


def test_text_is_short_and_the_same_on_every_run() -> None:
    """State, causes and neighbours in a few lines, without times, sizes and ids."""
    assert panel_text(subject(children=["report"])).splitlines() == [
        "fact",
        "● stale: code changed",
        "reads flights, planes",
        "read by report",
    ]


def test_sections_without_content_are_left_out() -> None:
    """Only what has something to say is shown."""
    assert [section.title for section in panel_sections(subject())] == ["Reads"]


def test_a_diff_and_a_value_come_before_what_it_reads() -> None:
    """What changed is told first, the value before the inputs."""
    change = SimpleNamespace(name="body", diff="-a\n+b")
    shown = panel_sections(subject(changes=[change], value=preview(3), history=[record("fact")]))
    assert [section.title for section in shown] == ["What changed", "Value", "Reads", "History"]


def test_a_pinned_result_shows_once_with_its_own_time() -> None:
    """The pin is no new result: the history marks the one that it takes."""
    old, new = record("fact"), record("fact", run_id="run-8", time=1_760_000_100.0)
    pin = record("fact", id="m3")
    status = AssetStatus(FACT, "fresh", record=pin, flags=frozenset(["pinned"]))
    shown = subject(status=status, history=[pin, new, old])
    *_, history = panel_sections(shown)
    assert "pinned to version d1d2d3d4, made" in Tags(panel_html(shown)).text
    assert Tags(history.body).text.count("run-7") == 1
    assert Tags(history.body).text.rindex("pinned") > Tags(history.body).text.index("run-7")


def test_an_error_of_code_that_is_no_more_is_history() -> None:
    """It does not stand first any more, and its section says that the code has changed."""
    failed = AssetStatus(FACT, "missing", error=ErrorRecord(type="E", message="", traceback="line"))
    assert [s.title for s in panel_sections(subject(status=failed))][:1] == ["Error"]
    mended = failed._replace(flags=frozenset(["mended"]))
    titles = [section.title for section in panel_sections(subject(status=mended))]
    assert titles == ["Reads", "Error before the code changed"]


def test_failing_rows_stand_below_the_verdict() -> None:
    """A failed check shows its count and its first rows."""
    failed = verdict(CHECK, passed=False, row_count=52_606)
    rows = {CHECK: pd.DataFrame({"tailnum": ["N1", None]})}
    html = panel_html(subject(checks=[CheckStatus(CHECK, "failed", failed)], rows=rows))
    text = Tags(html).text
    assert "52,606" in text
    assert "N1" in text


def test_an_error_shows_the_users_part_of_a_chain_first() -> None:
    """Of a chained traceback the last part comes first; the cause is folded below."""
    traceback = (
        "inner\n\nThe above exception was the direct cause of the following exception:\n\nouter"
    )
    error = ErrorRecord(type="KeyError", message="'x'", traceback=traceback)
    status = AssetStatus(FACT, "missing", last_run="failed", error=error)
    [section, *_] = panel_sections(subject(status=status))
    assert section.title == "Error"
    assert section.body.index("outer") < section.body.index("inner")


def test_globals_say_how_they_are_tracked() -> None:
    """Each name that the code reaches stands with how its changes are seen: at once, where they may not be."""
    part = SimpleNamespace(name="model", kind="weak", reason="it can't be hashed", text="")
    text = Tags(panel_html(subject(parts=[part]))).text
    assert "model" in text
    assert "a change may stay unseen" in text
    assert "it can't be hashed" in text
    known = SimpleNamespace(name="RATE", kind="content", reason="", text="")
    for parts, opened in (([part, known], True), ([known], False)):
        [section] = [s for s in panel_sections(subject(parts=parts)) if "outside" in s.title]
        assert section.opened is opened


def test_code_is_shown_from_the_body_where_its_text_was_not_kept() -> None:
    """An asset of an ordinary cell shows the normalised text of its body."""
    body = SimpleNamespace(name="body", kind="body", reason="", text="return 1 < 2")
    [section] = [s for s in panel_sections(subject(parts=[body])) if s.title == "Code"]
    assert "return 1 &lt; 2" in section.body


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    """Errors, changes, output and metadata are shown and never run."""
    status = AssetStatus(
        FACT,
        "stale",
        last_run="failed",
        error=ErrorRecord(type=text, message=text, traceback=text),
        record=record("fact", metadata={text: MetadataValue.md(text)}),
    )
    change = SimpleNamespace(name=text, diff=text)
    shown = panel_html(subject(status=status, changes=[change], log=text, states={"flights": text}))
    found = Tags(shown)
    assert not found.tags & {"script", "img", "b"}
    assert not any(name.startswith("on") for name in found.attributes)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MetadataValue.of(1_234), "1,234"),
        (MetadataValue.of(0.5), "0.5"),
        (MetadataValue.of(True), "yes"),
        (MetadataValue.of({"a": 1}), '{"a": 1}'),
        (MetadataValue.rows(["a"], [[1], [2]]), "table of 2 × 1"),
        (MetadataValue.png(b"png"), "picture"),
        (MetadataValue.timestamp(1_372_939_200), "2013-07-04 12:00:00 UTC"),
        (MetadataValue.timestamp(1e300), "1e+300 s since 1970"),
    ],
)
def test_metadata_has_a_line_for_every_kind(value: MetadataValue, text: str) -> None:
    """Each kind of metadata has words, and HTML that does not raise."""
    assert value_text(value) == text
    assert value_html(value)


def test_metadata_of_a_wrong_shape_is_shown_as_it_is() -> None:
    """A value that is not what its kind says never breaks the panel."""
    assert "42" in value_html(MetadataValue("table", 42))


def test_json_is_compact_where_it_can_be() -> None:
    """A long list of plain values fills its lines; what is nested stands on lines of its own."""
    value = MetadataValue.json({"numbers": list(range(60)), "rates": {"a": 0.1, "b": None}})
    lines = Tags(value_html(value)).text.splitlines()
    assert lines[0] == "{"
    assert len(lines) < 9
    assert '  "rates": {"a": 0.1, "b": null}' in lines
    assert json.loads("\n".join(lines)) == value.value


def test_numbers_in_a_table_stand_at_the_right() -> None:
    """A column of numbers does, also where some are missing; one of truth values does not."""
    shown = value_html(MetadataValue.rows(["n", "ok"], [[1, True], [None, False]]))
    assert shown.count("text-align:right") == 3


def test_a_wide_table_counts_the_columns_that_are_left_out() -> None:
    """What a page has no room for is said to be there."""
    value = MetadataValue.rows([f"c{i}" for i in range(30)], [list(range(30))])
    words = Tags(value_html(value)).text
    assert "… 14 more" in words
    assert "c16" not in words


def test_amounts_in_metadata_are_no_formulas() -> None:
    """Text between two dollar signs is left as it is by what sets formulas in a page."""
    html = panel_html(subject(changes=[], log=""))
    assert NO_MATH in metadata_html({"price": MetadataValue.text("$5 to $6")})
    assert NO_MATH in html


def test_declared_metadata_is_shown_by_its_kind_beside_what_a_run_recorded() -> None:
    """The newer value of a name counts."""
    spec = AssetSpec(FACT, metadata={"n": 1, "docs": MetadataValue.url("https://example.org")})
    status = AssetStatus(
        FACT, "fresh", record=record("fact", metadata={"n": MetadataValue.of(1_234)})
    )
    node = AssetGraph.of(spec).node(FACT)
    html = panel_html(subject(node=node, status=status))
    assert ("1,234" in html, "<a href=" in html) == (True, True)


def test_metadata_of_a_check_is_shown_by_its_kind() -> None:
    """In the table in a word, below it whole."""
    told = {"worst": MetadataValue.rows(["id"], [[7]]), "n": MetadataValue.of(3)}
    given = CheckStatus(CHECK, "failed", verdict(CHECK, passed=False, metadata=told))
    [section] = [s for s in panel_sections(subject(checks=[given])) if s.title == "Checks"]
    words = Tags(section.body).text
    assert "worst table of 1 × 1; n 3" in words
    assert section.body.count("<table") == 2
