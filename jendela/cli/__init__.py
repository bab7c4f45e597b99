"""The command line: it parses, calls one function, and turns what came back into words and an exit code.

0 done, 1 done but something needs a person, 2 wrong use or unusable input, 3 the agency named is unreachable,
4 evidence does not verify, 5 a balance is broken or an internal error.
"""

from __future__ import annotations

import sys

import click

from jendela.cli.lazy import LazyGroup, Place
from jendela.model.errors import InternalError, JendelaError
from jendela.model.internal import internal

COMMANDS = {
    "catch-up": Place(
        "jendela.cli.catch_up:catch_up",
        "Take what OFFICE owes, in business order, through to delivery and report.",
    ),
    "dedupe": Place(
        "jendela.cli.link:dedupe",
        "Find the records of FILE that are one person.",
    ),
    "demo": Place(
        "jendela.cli.demo:demo",
        "Agencies that never existed, with everything that goes wrong in real ones.",
    ),
    "explain": Place(
        "jendela.cli.explain:explain",
        "Say why two records are one person or not, or whom a person is made of and who else is near.",
    ),
    "halted": Place(
        "jendela.cli.halted:halted",
        "Batches that were halted whole (shrunk, a storm, a day ahead, wrong measures) and open breakers.",
    ),
    "held": Place(
        "jendela.cli.held:held",
        "Rows that broke a rule: look, release to the next night, or discard.",
    ),
    "identity": Place(
        "jendela.cli.identity:identity",
        "The model by which records are linked.",
    ),
    "letter": Place(
        "jendela.cli.letter:letter",
        "Termination letters: check them, make empty ones, sign them, draw the worker's copy.",
    ),
    "link": Place(
        "jendela.cli.link:link",
        "Link the records of LEFT with those of RIGHT.",
    ),
    "refused": Place(
        "jendela.cli.refused:refused",
        "Deliveries that their recipients refused: for which reasons, and in which words.",
    ),
    "rejudge": Place(
        "jendela.cli.rejudge:rejudge",
        "Judge again what is held and what was accepted, after a rule, a code list or a contract changed.",
    ),
    "report": Place(
        "jendela.cli.evidence:report",
        "The report of a closed night, written to a file.",
    ),
    "review": Place(
        "jendela.cli.review:review",
        "Who is who: look at a case, say what you think, and audit how often the links are right.",
    ),
    "run": Place(
        "jendela.cli.run:run",
        "Perform one night: pull, map, validate, measures, merge, identify, consolidate, reconcile, "
        "deliver, close.",
    ),
    "source": Place(
        "jendela.cli.source:source",
        "The offices and their feeds.",
    ),
    "verify": Place(
        "jendela.cli.evidence:verify",
        "Check the log with the public key alone; with --artefacts also every file beside it.",
    ),
}


@click.group(cls=LazyGroup, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jendela")
def jendela() -> None:
    """One-window data exchange between BPJS Ketenagakerjaan and Kemnaker."""


def main() -> None:
    """Run the command line and exit with the documented code; no traceback for what a person can mend."""
    try:
        code = jendela(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except JendelaError as error:
        click.echo(f"jendela: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:  # the last stop: its text may carry data, so only its kind is said
        click.echo(f"jendela: {internal(error)}", err=True)
        if _wants_traceback():
            raise
        sys.exit(InternalError.exit_code)
    sys.exit(code if isinstance(code, int) else 0)


def _wants_traceback() -> bool:
    import os

    return bool(os.environ.get("JENDELA_TRACEBACK"))
