"""What `dagbook render` takes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, Literal

from dagbook.records import dataclass

RENDER_EXAMPLES = """\
examples:
  dagbook render tutorial.mdx -o tutorial.ipynb --snippets examples
  dagbook render tutorial.md -o t.ipynb --alias dagster=dagbook --magics --run --execute
  dagbook render flights.ipynb -o flights.html   with values and verdicts as they are kept
  dagbook render flights.ipynb -o flights.py     a plain module of decorated assets
  dagbook render flights.ipynb -p year=2013 -o flights_2013.html

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderArguments:
    """`dagbook render`; all but `source`, `target` and `parameters` are about pages."""

    source: Path
    target: Path
    parameters: dict[str, Any] = field(default_factory=dict)
    base_url: str | None = None
    snippets: Sequence[Path] = ()
    allow_missing: bool = False
    site: Path | None = None
    pictures: Literal["copy", "link"] = "copy"
    alias: Sequence[str] = ()
    shell: bool = False
    cells: bool = False
    magics: bool = False
    run: bool = False
    execute: bool = False


def add_render(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "source", type=Path, metavar="PAGE", help="a page (.md, .mdx) or a notebook (.ipynb)"
    )
    parser.add_argument(
        "-o",
        dest="target",
        type=Path,
        required=True,
        metavar="OUT",
        help="a page becomes .ipynb, a notebook .html, .md or .py",
    )
    page = parser.add_argument_group("options for pages")
    page.add_argument("--base-url", metavar="URL", help="the page's address, for relative links")
    page.add_argument(
        "--snippets",
        type=Path,
        action="append",
        default=[],
        metavar="ROOT",
        help="a folder of the code that the page names",
    )
    page.add_argument(
        "--allow-missing", action="store_true", help="a cell says which snippet is missing"
    )
    page.add_argument(
        "--site", type=Path, metavar="ROOT", help="the folder of the site's pictures and parts"
    )
    page.add_argument(
        "--pictures", choices=("copy", "link"), default="copy", help="copied beside, or linked"
    )
    page.add_argument(
        "--alias",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="import another module, as in dagster=dagbook; also for OLD_duckdb and the like",
    )
    page.add_argument("--shell", action="store_true", help="shell blocks become `!` cells")
    page.add_argument("--cells", action="store_true", help="a cell for each decorated definition")
    page.add_argument(
        "--magics", action="store_true", help="definitions become %%%%asset cells where exact"
    )
    page.add_argument("--run", action="store_true", help="add %%dag and %%materialize at the end")
    page.add_argument("--execute", action="store_true", help="run the notebook")
