"""The command `dagbook`: dispatches to the commands and turns errors into exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dagbook.cli.arguments import (
    Arguments,
    CheckStoreArguments,
    GcArguments,
    LabArguments,
    RunArguments,
    StatusArguments,
    parse_arguments,
)
from dagbook.cli.lab import lab
from dagbook.cli.outcome import FAILED, exit_code_of
from dagbook.cli.ports import Doors
from dagbook.cli.render_arguments import RenderArguments
from dagbook.cli.rendering import render
from dagbook.cli.report import error_text
from dagbook.cli.running import Run
from dagbook.cli.standing import status
from dagbook.cli.store import check_store, collect_garbage
from dagbook.cli.streams import Streams, own_streams
from dagbook.errors.base import DagbookError


def command(argv: Sequence[str], doors: Doors) -> int:
    """Run `dagbook` with these words after its name; gives the exit code.

    Ends the program (SystemExit) for words that can't be read, and after `--help`.
    """
    arguments = parse_arguments(argv)
    if isinstance(arguments, LabArguments):
        return _guarded(arguments, doors, Streams(sys.stdout, sys.stdout, sys.stderr))
    machine = isinstance(arguments, RunArguments | StatusArguments) and arguments.json
    try:
        with own_streams(machine=machine) as streams:
            return _guarded(arguments, doors, streams)
    except BrokenPipeError:
        # Whoever reads has gone, `| head` most often; the interpreter must not complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _guarded(arguments: Arguments, doors: Doors, streams: Streams) -> int:
    try:
        return _dispatched(arguments, doors, streams)
    except DagbookError as error:
        streams.report.flush()
        print(error_text(error), file=streams.errors)
        return exit_code_of(error)
    except SystemExit as error:
        told = f"dagbook: the notebook's code ended the program (SystemExit: {error.code})."
        print(told, file=streams.errors)
        return FAILED
    except KeyboardInterrupt as error:
        print("dagbook: interrupted; what had finished is kept.", file=streams.errors)
        return exit_code_of(error)


def _dispatched(arguments: Arguments, doors: Doors, streams: Streams) -> int:
    match arguments:
        case RunArguments():
            return Run(arguments, doors, streams).code()
        case StatusArguments():
            return status(arguments, doors, streams)
        case LabArguments():
            return lab(arguments)
        case GcArguments():
            return collect_garbage(arguments, streams)
        case CheckStoreArguments():
            return check_store(arguments, streams)
        case RenderArguments():
            return render(arguments, doors, streams)
