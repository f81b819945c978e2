"""The program `dagbook`: joins the command line with what runs and renders notebooks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from dagbook.cli.command import command
from dagbook.cli.ports import Doors
from dagbook.cli.render_arguments import RenderArguments
from dagbook.export.writing import export_notebook
from dagbook.headless.executing import execute_notebook
from dagbook.headless.preparing import open_notebook
from dagbook.tutorials.aliases import parse_alias, public_names
from dagbook.tutorials.notebook import write_notebook
from dagbook.tutorials.options import PageOptions


def main() -> int:
    """Run the program with the words of its command line; gives the exit code."""
    doors = Doors(opened=open_notebook, executed=execute_notebook, rendered=render)
    return command(sys.argv[1:], doors)


def render(asked: RenderArguments, told: Callable[[int, int], None]) -> Sequence[str]:
    """Write the other form of a notebook or a page; gives what a reader should know."""
    target = asked.target.absolute()
    if asked.source.suffix == ".ipynb":
        # A page shows what is kept, whatever else the notebook would do; a module has to run.
        forgiving = target.suffix != ".py"
        with open_notebook(asked.source, asked.parameters, forgiving=forgiving) as notebook:
            export_notebook(notebook.path, target, notebook.workspace, notebook.cells)
            return notebook.notes
    notes = write_notebook(asked.source, target, _page_options(asked)).notes
    if asked.execute:
        execute_notebook(target, target, asked.parameters, told)
    return notes


def _page_options(asked: RenderArguments) -> PageOptions:
    aliases = tuple(map(parse_alias, asked.alias))
    return PageOptions(
        base_url=asked.base_url,
        snippets=tuple(asked.snippets),
        allow_missing=asked.allow_missing,
        site=asked.site,
        pictures=asked.pictures,
        aliases=aliases,
        offered=public_names(aliases),
        shell=asked.shell,
        cells=asked.cells,
        magics=asked.magics,
        run=asked.run,
    )


if __name__ == "__main__":
    sys.exit(main())
