"""The pytest plugin: `pytest_plugins = ["dagbook.testing.plugin"]` in a conftest.py turns it on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dagbook.testing.notebooks import HOME, NotebookUnderTest, open_notebook

Opens = Callable[..., NotebookUnderTest]
SANITIZE = Path(__file__).with_name("sanitize.cfg")
# The stores of the notebooks that nbval runs, by their files.
_STORES = pytest.StashKey[dict[Path, TemporaryDirectory[str]]]()


@pytest.fixture
def asset_notebook(request: pytest.FixtureRequest) -> Iterator[Opens]:
    """Opens a notebook for this test: `asset_notebook("flights.ipynb", year=2013)`.

    A relative path begins at the test's own folder. The notebook, and the store that it has for
    itself, are closed when the test ends. One notebook is open at a time: another one closes it.
    """
    stack = ExitStack()

    def opens(path: str | Path, **parameters: object) -> NotebookUnderTest:
        stack.close()
        return stack.enter_context(open_notebook(request.path.parent / path, **parameters))

    with stack:
        yield opens


def pytest_configure(config: pytest.Config) -> None:
    """Have nbval leave out of comparisons what differs between two honest runs.

    A file that `--nbval-sanitize-with` names is used instead; it may begin as a copy of ours.
    """
    config.stash[_STORES] = {}
    if getattr(config.option, "nbval_sanitize_with", "not installed") is None:
        config.option.nbval_sanitize_with = str(SANITIZE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Give each notebook that nbval runs an empty store: its kernel starts with the first cell."""
    if type(item.parent).__module__ != "nbval.plugin":
        return (yield)
    stores = item.config.stash[_STORES]
    if item.path not in stores:
        stores[item.path] = TemporaryDirectory(prefix="dagbook-", ignore_cleanup_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, HOME, str(Path(stores[item.path].name) / ".dagbook"))
        return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the stores."""
    for store in config.stash.get(_STORES, {}).values():
        store.cleanup()
