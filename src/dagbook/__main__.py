"""The program `dagbook`: joins the command line and what runs notebooks without a screen."""

from __future__ import annotations

import sys

from dagbook.cli.command import command
from dagbook.cli.ports import Doors
from dagbook.headless.executing import execute_notebook
from dagbook.headless.preparing import open_notebook


def main() -> int:
    """Run the program with the words of its command line; gives the exit code."""
    return command(sys.argv[1:], Doors(opened=open_notebook, executed=execute_notebook))


if __name__ == "__main__":
    sys.exit(main())
