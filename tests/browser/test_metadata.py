"""Metadata of every kind in a real JupyterLab: shown as what it is, and none of it is run."""

from __future__ import annotations

from tests.browser.lab import Lab

ASSET = """
%load_ext dagbook
import matplotlib.pyplot as plt, numpy as np, pandas as pd
from PIL import Image
from dagbook import AssetKey, MaterializeResult, MetadataValue, TableColumn, TableSchema, asset

EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'

def figure():
    drawn, axes = plt.subplots(figsize=(3, 1))
    plt.close(drawn)
    return drawn

@asset
def kinds():
    shown = MetadataValue
    return MaterializeResult(value=1, metadata={
        "price": "from $5 to $6", "share": np.float64(0.25), "there": True, "none": None,
        "json": {"rows": [1, 2], "text": EVIL},
        "md": shown.md("# Title\\n| a | n |\\n|---|--:|\\n| x | 1 |\\n\\n* one\\n\\n" + EVIL),
        "url": shown.url("https://example.org/"), "bad url": shown.url("javascript:window.hacked=1"),
        "frame": pd.DataFrame({"name": [EVIL], "n": [1]}),
        "schema": TableSchema([TableColumn("id", "int", description=EVIL)]),
        "asset": shown.asset(AssetKey(["a", "b"])), "path": shown.path("/data/a.csv"),
        "figure": figure(), "image": Image.new("RGB", (60, 20), "steelblue"),
    })
"""


def test_every_kind_is_shown_and_none_is_run(lab: Lab) -> None:
    """Tables are tables, pictures pictures, links links; amounts are no formulas; no script runs."""
    lab.open_cells(ASSET, "%materialize kinds", "%asset kinds")
    lab.run_all()
    shown = lab.cell(2).locator(".dagbook-metadata")
    assert "from $5 to $6" in lab.output(2)
    assert shown.locator("mjx-container").count() == 0
    assert shown.locator("table").count() == 3
    assert shown.locator("img").count() == 2
    assert [a.get_attribute("href") for a in shown.locator("a").all()] == ["https://example.org/"]
    assert lab.page.evaluate("() => window.hacked") is None
    lab.page.set_viewport_size({"width": 1400, "height": 2000})
    lab.screenshot("metadata-light", lab.cell(2))
    assert lab.errors == []
