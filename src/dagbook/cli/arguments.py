"""The command line read into typed records."""

from __future__ import annotations

import argparse
import ast
from collections.abc import Sequence
from dataclasses import field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from dagbook.cli.render_arguments import RENDER_EXAMPLES, RenderArguments, add_render
from dagbook.records import dataclass

FailOn = Literal["blocking", "error", "warn", "stale"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunArguments:
    """`dagbook run`."""

    notebook: Path
    select: str | None = None
    force: bool = False
    dry_run: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)
    execute: Path | None = None
    json: bool = False
    junit: Path | None = None
    fail_on: FailOn = "blocking"
    jobs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusArguments:
    """`dagbook status`."""

    notebook: Path
    parameters: dict[str, Any] = field(default_factory=dict)
    json: bool = False
    fail_on: FailOn = "blocking"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabArguments:
    """`dagbook lab`; `options` go to JupyterLab as they are."""

    notebook: Path | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GcArguments:
    """`dagbook gc`; without a notebook, of the store of the current folder."""

    notebook: Path | None = None
    keep: int | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckStoreArguments:
    """`dagbook check-store`; without a notebook, the store of the current folder."""

    notebook: Path | None = None


Arguments = (
    RunArguments
    | StatusArguments
    | LabArguments
    | GcArguments
    | CheckStoreArguments
    | RenderArguments
)

_EXIT_CODES = """\
exit codes:
  0    all well
  1    something failed, or a blocking check fails (see --fail-on)
  2    the command, the notebook or its definitions can't be used
  130  interrupted; what had finished is kept
"""
_RUN_EXAMPLES = """\
examples:
  dagbook run flights.ipynb                      bring everything up to date
  dagbook run flights.ipynb --select 'late+'     late, and all below it
  dagbook run flights.ipynb -p year=2013 --json  with a parameter, the result as JSON
  dagbook run flights.ipynb --dry-run            show the plan and stop
  dagbook run flights.ipynb --execute out.ipynb  write the notebook with its outputs too

"""


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Read the words after `dagbook`.

    Ends the program (SystemExit) with code 2 and a usage line for what can't be read, and with 0
    after `--help` and `--version`.

    >>> parse_arguments(["run", "a.ipynb", "-p", "year=2013"]).parameters
    {'year': 2013}
    """
    words = list(argv)
    if words[:1] == ["lab"]:
        return _lab(words[1:])
    given = vars(_parser().parse_args(words))
    kind = given.pop("kind")
    parameters = given.pop("parameters", None)
    if parameters is not None:
        given["parameters"] = dict(parameters)
    record: Arguments = kind(**given)
    if isinstance(record, RenderArguments) and record.parameters:
        _refuse_unused(record)
    return record


def _refuse_unused(asked: RenderArguments) -> None:
    """End the program where parameters would change nothing."""
    if asked.source.suffix != ".ipynb" and not asked.execute:
        _parser().error("-p sets a page's parameters where --execute runs them")


def _lab(words: list[str]) -> LabArguments:
    """The first word that is no option is the notebook; options are JupyterLab's."""
    parser = argparse.ArgumentParser(
        prog="dagbook lab",
        usage="dagbook lab [NOTEBOOK] [OPTION ...]",
        description="Open JupyterLab, on a notebook if one is named. Other options are JupyterLab's.",
        allow_abbrev=False,
    )
    parser.add_argument("notebook", nargs="?", type=Path, metavar="NOTEBOOK")
    known, options = parser.parse_known_args([word for word in words if word != "--"])
    return LabArguments(notebook=known.notebook, options=tuple(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dagbook",
        description="Notebook cells as data assets, without a screen.",
        epilog="`dagbook COMMAND --help` says more about a command.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dagbook {_version()}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_run(commands)
    words = "turn a page into a notebook, or a notebook into a page or a module"
    render = _command(commands, "render", RenderArguments, words, RENDER_EXAMPLES)
    _add_parameters(render)
    add_render(render)
    status = _command(commands, "status", StatusArguments, "show how a notebook's assets stand")
    _add_notebook(status)
    status.add_argument("--json", action="store_true", help="as one JSON document")
    _add_fail_on(status, "stale", "; or also assets that are not fresh")
    # Read by a parser of its own; listed here for the help.
    _command(commands, "lab", LabArguments, "open JupyterLab, on a notebook if one is named")
    collected = _command(commands, "gc", GcArguments, "remove old values from the store")
    collected.add_argument(
        "--keep",
        type=_positive,
        metavar="N",
        help="versions of each asset's large values to keep (3)",
    )
    collected.add_argument("--dry-run", action="store_true", help="say what would go and stop")
    words = "read every kept value and say which are lost or damaged"
    checked = _command(commands, "check-store", CheckStoreArguments, words)
    for command in (collected, checked):
        command.add_argument(
            "notebook",
            nargs="?",
            type=Path,
            metavar="NOTEBOOK",
            help="whose store it is, which is that of its folder (the current folder's)",
        )
    return parser


def _add_run(commands: Any) -> None:
    run = _command(
        commands, "run", RunArguments, "bring a notebook's assets up to date", _RUN_EXAMPLES
    )
    _add_notebook(run)
    run.add_argument("--select", metavar="EXPR", help="only these, and what they need: '+late'")
    run.add_argument("--force", action="store_true", help="run the selected also when fresh")
    run.add_argument("--dry-run", action="store_true", help="show the plan and stop")
    run.add_argument(
        "--execute",
        type=Path,
        metavar="OUT.ipynb",
        help="then run every cell with the values and write the notebook with its outputs",
    )
    run.add_argument("--json", action="store_true", help="the result as one JSON document")
    run.add_argument("--junit", type=Path, metavar="FILE", help="write the result as JUnit XML")
    _add_fail_on(run)
    run.add_argument(
        "--jobs", type=_positive, default=1, metavar="N", help="processes at the same time (1)"
    )


def _add_fail_on(parser: argparse.ArgumentParser, *more: str) -> None:
    """Which verdicts make a command fail; `more`: one more degree, and what it adds."""
    degrees, told = more[:1], more[1:]
    parser.add_argument(
        "--fail-on",
        choices=("blocking", "error", "warn", *degrees),
        default="blocking",
        help="which failing checks count as failure: blocking ones (as a rule), also others of "
        f"severity error, or also warnings{''.join(told)}",
    )


def _add_notebook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    _add_parameters(parser)


def _add_parameters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-p",
        dest="parameters",
        action="append",
        default=[],
        type=_parameter,
        metavar="NAME=VALUE",
        help="set a variable of the cell tagged `parameters`; a Python literal, else text",
    )


def _command(
    commands: Any, name: str, kind: type, summary: str, examples: str = ""
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=examples + _EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(kind=kind)
    return parser


def _parameter(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return name, value


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _version() -> str:
    try:
        return version("dagbook")
    except PackageNotFoundError:
        return "(not installed)"
