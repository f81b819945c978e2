"""The site in a browser without a network: every page loads whole, searches and follows the theme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from notebooks.site.__main__ import build

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site's pages; what is wrong with their links is tested elsewhere."""
    out = tmp_path_factory.mktemp("site")
    build(NOTEBOOKS, out, saved=True)
    return out / "html"


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A tab that can't reach any network, for readers who like it light or dark."""
    context = browser.new_context(color_scheme=request.param, offline=True)
    yield context.new_page()
    context.close()


def test_every_page_loads_whole_from_its_folder(site: Path, page: Page) -> None:
    """Nothing is asked of a network, no script fails, and nothing is wider than the window."""
    wrong: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            wrong.append(request.url)

    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", asked)
    for file in sorted(site.rglob("*.html")):
        page.goto(file.as_uri())
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{file.name} is too wide")
    assert wrong == []


@pytest.mark.parametrize(
    ("words", "title"), [("planes_complete", "The first day"), ("AssetCheckSpec", "dagbook.")]
)
def test_a_search_finds_pages_and_names(site: Path, page: Page, words: str, title: str) -> None:
    """From the box at the side, with no server behind the pages."""
    page.goto((site / "index.html").as_uri())
    page.locator(".sidebar-search").fill(words)
    page.locator(".sidebar-search").press("Enter")
    assert title in page.locator("#search-results li").first.inner_text()


def test_tables_and_code_follow_the_theme(site: Path, page: Page) -> None:
    """The words of a preview and of code stand out from what is behind them, light or dark."""
    page.goto((site / "01_flights.html").as_uri())
    for element in (".dagbook-table td", ".cell_input pre"):
        words, paper = page.locator(element).first.evaluate(SEEN)
        assert abs(brightness(words) - brightness(paper)) > 100


SEEN = """element => {
  const opaque = each => !/, 0\\)$|transparent/.test(getComputedStyle(each).backgroundColor);
  let behind = element;
  while (!opaque(behind)) behind = behind.parentElement;
  return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
}"""


def brightness(colour: str) -> float:
    """Of `rgb(1, 2, 3)`, from 0 to 255."""
    red, green, blue = (float(part) for part in colour.partition("(")[2].strip(")").split(",")[:3])
    return 0.3 * red + 0.6 * green + 0.1 * blue
