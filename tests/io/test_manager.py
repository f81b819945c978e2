"""I/O managers: values by key, each reader's own, and no key that leaves the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.errors.store import NoAssetKey, NothingStored, NotLoadable, UnsafePath
from dagbook.io.contexts import InputContext, OutputContext
from dagbook.io.filesystem import FilesystemIOManager
from dagbook.io.keypaths import key_path
from dagbook.io.manager import InMemoryIOManager, IOManager, mem_io_manager

KEY = AssetKey(["raw", "flights"])


@pytest.fixture(params=["memory", "files"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> IOManager:
    return InMemoryIOManager() if request.param == "memory" else FilesystemIOManager(tmp_path)


@pytest.mark.parametrize("value", [None, 5, {"a": [1]}, "x" * 100_000])
def test_an_assets_value_comes_back(manager: IOManager, value: Any) -> None:
    """What was written for a key is read for the key."""
    manager.handle_output(OutputContext(key=KEY), value)
    assert manager.load_input(InputContext(name="flights", key=KEY)) == value


def test_a_value_between_ops_is_known_by_run_step_and_name(manager: IOManager) -> None:
    """Without an asset key, the output's context names the value."""
    written = OutputContext(run_id="r1", step_key="orders.clean", name="rows")
    manager.handle_output(written, [1])
    assert not written.has_asset_key
    assert written.get_identifier() == ["r1", "orders.clean", "rows"]
    assert manager.load_input(InputContext(name="rows", upstream_output=written)) == [1]


def test_every_reader_gets_its_own(manager: IOManager) -> None:
    """A change by one reader is not seen by the next."""
    manager.handle_output(OutputContext(key=KEY), np.zeros(300_000))
    context = InputContext(name="flights", key=KEY)
    manager.load_input(context)[:] = 1
    assert manager.load_input(context).sum() == 0


def test_a_newer_value_replaces_the_older(manager: IOManager) -> None:
    """One key has one value."""
    for value in (1, 2):
        manager.handle_output(OutputContext(key=KEY), value)
    assert manager.load_input(InputContext(name="flights", key=KEY)) == 2


def test_a_value_that_was_never_written_is_named(manager: IOManager) -> None:
    """The error names the key and the place, and says what to do."""
    with pytest.raises(NothingStored, match=r"raw/flights.*Materialize"):
        manager.load_input(InputContext(name="flights", key=KEY))


def test_a_file_of_something_else_is_not_loaded(tmp_path: Path) -> None:
    """Text where a pickle belongs is a named error."""
    (tmp_path / "orders").write_text("hello")
    context = InputContext(name="orders", key=AssetKey("orders"))
    with pytest.raises(NotLoadable, match="pickle"):
        FilesystemIOManager(tmp_path).load_input(context)


def test_the_folder_holds_nothing_but_the_values(tmp_path: Path) -> None:
    """No temporary file stays; the path is recorded as metadata."""
    context = OutputContext(key=KEY)
    FilesystemIOManager(tmp_path).handle_output(context, "x" * 100_000)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / "raw" / "flights"]
    assert context.added_metadata == {"path": MetadataValue.of(str(files[0]))}


def test_every_in_memory_manager_is_new() -> None:
    """Two runs share no values through `mem_io_manager`."""
    mem_io_manager().handle_output(OutputContext(key=KEY), 1)
    with pytest.raises(NothingStored):
        mem_io_manager().load_input(InputContext(name="flights", key=KEY))


@pytest.mark.parametrize("context", [OutputContext(), InputContext(name="result")])
def test_a_value_without_asset_key_says_so(context: OutputContext | InputContext) -> None:
    """Asking for the key of a value between ops is an error that names it."""
    assert not context.has_asset_key
    with pytest.raises(NoAssetKey, match="result"):
        context.asset_key


@pytest.mark.parametrize(
    "parts",
    [
        *(
            ["a", part]
            for part in ("..", ".", "", "...", " ", "a/b", "/etc", "a\\b", "C:x", "a\0b")
        ),
        *([part] for part in ("CON", "nul.txt", "Lpt1", "a\nb", "x.", "x ", " x", "a*")),
        ["é" * 128],
        [],
    ],
)
def test_no_key_leaves_the_folder(tmp_path: Path, parts: list[str]) -> None:
    """Hostile and unportable names are refused before a path is used."""
    with pytest.raises(UnsafePath, match="cannot be a file"):
        key_path(tmp_path, parts)


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    """A link inside the folder that points elsewhere is not followed."""
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "raw").symlink_to(tmp_path)
    with pytest.raises(UnsafePath, match="link"):
        key_path(tmp_path / "inside", ["raw", "flights"])


@pytest.mark.parametrize("parts", [["raw", "flights"], ["été"], ["a.b"], ["console"]])
def test_ordinary_names_are_paths(tmp_path: Path, parts: list[str]) -> None:
    """What every system can write is taken as it is."""
    assert key_path(tmp_path, parts) == tmp_path.joinpath(*parts)
