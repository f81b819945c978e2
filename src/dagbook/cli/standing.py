"""`dagbook status`: how a notebook's assets stand, without running any of them."""

from __future__ import annotations

from dagbook.cli.arguments import StatusArguments
from dagbook.cli.as_json import error_json, outcome_json
from dagbook.cli.outcome import exit_code_of, standing_of
from dagbook.cli.ports import Doors
from dagbook.cli.report import outcome_text
from dagbook.cli.streams import Streams
from dagbook.errors.base import DagbookError


def status(arguments: StatusArguments, doors: Doors, streams: Streams) -> int:
    """Show the tables of checks and assets; 1 where one of them failed, as for `dagbook run`."""
    try:
        with doors.opened(arguments.notebook, arguments.parameters) as notebook:
            outcome = standing_of(notebook, arguments.fail_on)
            text = outcome_json(outcome) if arguments.json else outcome_text(outcome)
    except DagbookError as error:
        if arguments.json:
            code = exit_code_of(error)
            print(error_json(arguments.notebook, code, error), file=streams.report)
        raise
    print(text, file=streams.report)
    return outcome.exit_code
