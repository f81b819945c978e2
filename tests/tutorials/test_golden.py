"""A page that holds every construct, and the notebooks that it becomes, byte for byte."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from dagbook.tutorials.notebook import write_notebook
from dagbook.tutorials.options import PageOptions
from tests.tutorials.pages import GOLDEN

BASE = "https://docs.example/guide/everything"
ALIASES = (("dagster", "dagbook"),)
FORMS = {
    "plain": PageOptions(),
    "dagbook": PageOptions(
        base_url=BASE,
        aliases=ALIASES,
        magics=True,
        shell=True,
        run=True,
    ),
    "cells": PageOptions(base_url=BASE, aliases=ALIASES, cells=True, pictures="link"),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_notebook_is_the_golden_one(form: str, tmp_path: Path) -> None:
    """`GOLDEN=write` writes it anew, to be looked at before it is kept."""
    (tmp_path / "orders.py").write_text((GOLDEN / "orders.txt").read_text())
    golden = GOLDEN / f"{form}.ipynb"
    target = golden if os.environ.get("GOLDEN") == "write" else tmp_path / f"{form}.ipynb"
    options = replace(FORMS[form], snippets=(tmp_path,))
    write_notebook(GOLDEN / "everything.mdx", target, options)
    assert target.read_text() == golden.read_text()
    copied = target.with_name(f"{form}_files") / "dot.png"
    assert copied.exists() == (FORMS[form].pictures == "copy")
