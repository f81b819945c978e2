"""The store's folder: found, made, and refused where it is not ours to use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dagbook.errors.store import ForeignStore, NewerStore, NotAStore, ReadOnlyStore, StoreError
from dagbook.io.layout import find_store, open_folder


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A user with a state folder of its own."""
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


def test_a_new_store_is_private_and_ignored_by_git(tmp_path: Path, env: dict[str, str]) -> None:
    """The folder is for its user alone and carries a .gitignore of everything."""
    folder = open_folder(tmp_path / ".dagbook", env)
    assert folder.root.stat().st_mode & 0o777 == 0o700
    assert (folder.root / ".gitignore").read_text() == "*\n"
    assert (folder.root / "format").read_text() == "1\n"
    assert folder.objects.is_dir()
    assert open_folder(folder.root, env) == folder


def test_the_nearest_store_above_is_found(tmp_path: Path) -> None:
    """A notebook in a sub-folder uses the project's store."""
    (tmp_path / ".dagbook").mkdir()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_store(deep, {}) == tmp_path / ".dagbook"
    assert find_store(tmp_path, {}) == tmp_path / ".dagbook"


def test_without_a_store_one_is_made_beside_the_notebook(tmp_path: Path) -> None:
    """Nothing above: the store belongs beside the notebook."""
    assert find_store(tmp_path, {}) == tmp_path / ".dagbook"


@pytest.mark.parametrize(("home", "expected"), [("/keep", "/keep"), ("kept/x", "{}/kept/x")])
def test_dagbook_home_decides(tmp_path: Path, home: str, expected: str) -> None:
    """The variable wins over every folder; a relative one starts at the notebook."""
    assert str(find_store(tmp_path, {"DAGBOOK_HOME": home})) == expected.format(tmp_path)


def test_a_newer_format_is_refused(tmp_path: Path, env: dict[str, str]) -> None:
    """The sentence says both versions and to upgrade."""
    folder = open_folder(tmp_path / ".dagbook", env)
    (folder.root / "format").write_text("7\n")
    with pytest.raises(NewerStore, match=r"format 7.*up to 1.*Upgrade"):
        open_folder(folder.root, env)


@pytest.mark.parametrize("text", ["", "one", "-1", "\0", "²"])
def test_a_spoiled_format_file_is_named(tmp_path: Path, env: dict[str, str], text: str) -> None:
    """What is no number is not guessed at."""
    folder = open_folder(tmp_path / ".dagbook", env)
    (folder.root / "format").write_text(text)
    with pytest.raises(NotAStore, match="not a number"):
        open_folder(folder.root, env)


@pytest.mark.parametrize("home", ["note.txt", "note.txt/below/it"])
def test_a_store_can_be_no_file(tmp_path: Path, env: dict[str, str], home: str) -> None:
    """Nor stand below one; the file is named, and nothing is said to be gone."""
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(NotAStore, match=r"note\.txt is a file and no folder"):
        open_folder(tmp_path / home, env)
    assert (tmp_path / "note.txt").read_text() == "mine"


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, env: dict[str, str]) -> None:
    """DAGBOOK_HOME that points at a full folder does not turn it into a store."""
    (tmp_path / "thesis.tex").write_text("words")
    with pytest.raises(NotAStore, match="something else"):
        open_folder(tmp_path, env)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_interrupted_making_is_finished(tmp_path: Path, env: dict[str, str]) -> None:
    """A store without its format file, left by a kill, opens."""
    folder = open_folder(tmp_path / ".dagbook", env)
    (folder.root / "format").unlink()
    assert open_folder(folder.root, env) == folder


def test_a_store_of_another_machine_is_asked_about_once(
    tmp_path: Path, env: dict[str, str]
) -> None:
    """A copied store is refused until it is trusted; then it needs no word any more."""
    theirs = {"XDG_STATE_HOME": str(tmp_path / "theirs")}
    root = open_folder(tmp_path / ".dagbook", theirs).root
    with pytest.raises(ForeignStore, match="DAGBOOK_TRUST=1"):
        open_folder(root, env)
    open_folder(root, env | {"DAGBOOK_TRUST": "1"})
    assert open_folder(root, env).root == root
    assert open_folder(root, theirs).root == root


def test_a_store_without_marks_is_foreign(tmp_path: Path, env: dict[str, str]) -> None:
    """Leaving the marks out of a forged store does not make it trusted."""
    root = open_folder(tmp_path / ".dagbook", env).root
    (root / "origin").unlink()
    with pytest.raises(ForeignStore):
        open_folder(root, env)


def test_a_moved_store_stays_trusted(tmp_path: Path, env: dict[str, str]) -> None:
    """The mark belongs to the store and not to its path."""
    root = open_folder(tmp_path / ".dagbook", env).root
    moved = Path(shutil.move(root, tmp_path / "elsewhere"))
    assert open_folder(moved, env).root == moved


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_a_read_only_folder_is_named() -> None:
    """Where nothing may be written, the error names the folder and DAGBOOK_HOME."""
    script = (
        "import os, sys; from pathlib import Path\n"
        "from dagbook.io.layout import open_folder\n"
        "os.geteuid() == 0 and os.seteuid(65534)\n"  # permissions do not bind root
        "try: open_folder(Path(sys.argv[1]), {'XDG_STATE_HOME': '/nowhere'})\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    # pytest's own temporary folders are closed to other users.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        command = [sys.executable, "-c", script, f"{folder}/.dagbook"]
        shown = subprocess.run(command, capture_output=True, text=True).stdout
    assert shown.startswith(f"ReadOnlyStore The folder {folder}/.dagbook cannot be written")
    assert "DAGBOOK_HOME" in shown


def test_the_errors_of_the_store_are_one_family() -> None:
    """One `except StoreError` catches whatever the folder refuses."""
    for kind in (ForeignStore, NewerStore, NotAStore, ReadOnlyStore):
        assert issubclass(kind, StoreError)
