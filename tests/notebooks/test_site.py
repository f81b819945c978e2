"""The site: built from the notebooks and the docstrings, complete, and readable without a network."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import nbformat
import pytest

import dagbook
from notebooks.site.__main__ import build, made
from notebooks.site.areas import error_paths
from notebooks.site.checking import faults_of
from notebooks.site.running import FailedCells, run_notebooks

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The whole site, built of the outputs that nbval compares with a run, and what is wrong with it."""
    out = tmp_path_factory.mktemp("site")
    return out / "html", build(NOTEBOOKS, out, saved=True)


@pytest.fixture
def site(built: tuple[Path, list[str]]) -> Path:
    """The folder of the site's pages."""
    return built[0]


def text_of(page: Path) -> str:
    """A page's text without its tags."""
    return re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))


def written(path: Path, *sources: str) -> Path:
    """A notebook with a title and these code cells."""
    cells = [nbformat.v4.new_markdown_cell("# A title\n\nIt says something.")]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    path.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_nothing_is_wrong_with_the_site(built: tuple[Path, list[str]]) -> None:
    """No link leads nowhere, nothing is loaded over the network, and Sphinx warns of nothing."""
    assert built[1] == []


def test_every_notebook_is_a_page_with_its_title(site: Path) -> None:
    """Found by their files' names; each is called by its first heading, on its page and on the first."""
    first = text_of(site / "index.html")
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        source = next(iter(nbformat.read(notebook, as_version=4).cells)).source
        title = source.partition("\n")[0].removeprefix("# ").replace("`", "")
        assert title in text_of(site / f"{notebook.stem}.html")
        assert title in first


def test_the_graph_stands_where_it_was_drawn(site: Path) -> None:
    """The picture is in the page; of the live graph, which needs a kernel, there is no rest."""
    page = (site / "01_flights.html").read_text(encoding="utf-8")
    assert page.count("state when this cell ran") >= 1
    assert "Run this cell again to click it" not in page


def test_a_notebook_can_be_downloaded_as_it_was_written(site: Path) -> None:
    """The link at the top of a page leads to the notebook's file."""
    page = (site / "01_flights.html").read_text(encoding="utf-8")
    link = re.search(r'href="(_downloads/[^"]+/01_flights\.ipynb)"', page)
    assert link is not None
    assert nbformat.read(site / link[1], as_version=4).cells


@pytest.mark.parametrize("names", [dagbook.__all__, list(error_paths())], ids=["names", "errors"])
def test_the_reference_describes_everything_public(site: Path, names: list[str]) -> None:
    """Each public name and each error has an entry of its own, made from its docstring."""
    inventory = (site / "objects.inv").read_bytes().split(b"zlib.\n", 1)[1]
    described = {line.split()[0] for line in zlib.decompress(inventory).decode().splitlines()}
    paths = {name if "." in name else f"dagbook.{name}" for name in names}
    assert paths - {"dagbook.DagbookError"} - described == set()


def test_the_commands_are_described(site: Path) -> None:
    """What a command says of itself stands on a page."""
    assert "dagbook check-store" in text_of(site / "command_line.html")


@pytest.mark.parametrize("word", ["tailnum", "AssetCheckSpec", "junit", "changelog"])
def test_the_search_index_holds_notebooks_reference_and_texts(site: Path, word: str) -> None:
    """A search finds words of every kind of page."""
    assert word.lower() in (site / "searchindex.js").read_text(encoding="utf-8").lower()


def test_a_failing_cell_fails_the_site(tmp_path: Path) -> None:
    """The notebook and the error are named, and the other notebooks ran."""
    good = written(tmp_path / "in" / "01_good.ipynb", "1 + 1")
    written(tmp_path / "in" / "02_bad.ipynb", "def f():\n    raise OSError('no disk')", "f()")
    with pytest.raises(FailedCells, match=r"02_bad\.ipynb: a cell raises(?s:.*)no disk"):
        build(tmp_path / "in", tmp_path / "out", saved=False)
    run = tmp_path / "out" / "notebooks" / good.name
    assert nbformat.read(run, as_version=4).cells[1].outputs[0].data["text/plain"] == "2"
    assert not nbformat.read(good, as_version=4).cells[1].outputs


def test_notebooks_run_on_stores_of_their_own(tmp_path: Path) -> None:
    """What one keeps is not seen by another, nor by the next build."""
    cells = ("%load_ext dagbook", "%%asset orders --lazy\n[1, 2]", "%asset orders")
    books = [written(tmp_path / "n" / f"{name}.ipynb", *cells) for name in "ab"]
    for _ in range(2):
        run_notebooks(books)
        for book in books:
            shown = nbformat.read(book, as_version=4).cells[-1].outputs[0].data["text/plain"]
            assert "missing" in shown


def test_a_link_to_a_page_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the page that has it, so that the build fails."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text("# A title\n\nSee [there](no_such_page.ipynb).\n")
    faults = made(tmp_path / "pages", tmp_path / "html", tmp_path / "kept")
    assert [fault for fault in faults if "index.md:3" in fault and "no_such_page.ipynb" in fault]


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<script src="https://cdn.example/x.js"></script>', "loads https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//fonts.example/f.css">', "loads //fonts.example/f.css"),
        ('<link rel="preconnect" href="https://f.example">', "loads https://f.example"),
        ("<style>@import 'https://f.example/a.css'</style>", "loads https://f.example/a.css"),
        ('<p style="background:url(http://f.example/a)">', "loads http://f.example/a"),
        ('<img src="gone.png">', "gone.png is not there"),
        ('<a href="gone.html">x</a>', "the link to gone.html leads nowhere"),
        ('<a href="#gone">x</a>', "the link to #gone: there is no gone on that page"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(tmp_path: Path, html: str, fault: str) -> None:
    """What a browser would fetch from elsewhere, and links to what is not there."""
    (tmp_path / "page.html").write_text(f"<p id='here'>{html}</p>")
    assert faults_of(tmp_path) == [f"page.html: {fault}"]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://example.org/">x</a>',
        '<a href="page.html#here">x</a>',
        '<img src="data:image/png;base64,AAAA">',
        '<link rel="canonical" href="https://example.org/">',
    ],
)
def test_what_is_right_is_not_told(tmp_path: Path, html: str) -> None:
    """Links that a reader may follow to elsewhere, and what is there."""
    (tmp_path / "page.html").write_text(f"<p id='here'>{html}</p>")
    assert faults_of(tmp_path) == []
