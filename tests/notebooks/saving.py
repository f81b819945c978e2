"""Runs the notebooks from top to bottom on an empty store and saves them with what they show."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SECONDS_A_CELL = 120


def saved(notebook: Path) -> None:
    """Run one notebook and write it over itself; a cell that fails leaves the file as it was."""
    book = nbformat.read(notebook, as_version=4)
    # Nothing of the machine or the moment goes into the file: it would differ at each saving.
    book.metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    with tempfile.TemporaryDirectory() as store:
        os.environ["DAGBOOK_HOME"] = store
        NotebookClient(
            book,
            timeout=SECONDS_A_CELL,
            resources={"metadata": {"path": str(notebook.parent)}},
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
        ).execute()
    book.metadata["language_info"] = {"name": "python"}
    nbformat.write(book, notebook)


def main(names: list[str]) -> None:
    """Save all notebooks, or those whose file names begin with one of the names."""
    wanted = tuple(Path(name).stem for name in names) or ("",)
    for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
        if notebook.stem.startswith(wanted):
            print(f"{notebook.name} …", flush=True)
            saved(notebook)


if __name__ == "__main__":
    main(sys.argv[1:])
