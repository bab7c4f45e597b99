"""The command line: it parses, calls one function, and turns what came back into words and an exit code.

0 done, 1 done but something needs a person, 2 wrong use or unusable input, 3 the agency named is unreachable,
4 evidence does not verify, 5 a balance is broken or an internal error.
"""

from __future__ import annotations

import sys

import click

from jendela.cli.lazy import LazyGroup
from jendela.model.errors import InternalError, JendelaError
from jendela.model.internal import internal

PLACES = {
    "catch-up": "jendela.cli.catch_up:catch_up",
    "dedupe": "jendela.cli.link:dedupe",
    "demo": "jendela.cli.demo:demo",
    "explain": "jendela.cli.explain:explain",
    "halted": "jendela.cli.halted:halted",
    "held": "jendela.cli.held:held",
    "identity": "jendela.cli.identity:identity",
    "letter": "jendela.cli.letter:letter",
    "link": "jendela.cli.link:link",
    "refused": "jendela.cli.refused:refused",
    "rejudge": "jendela.cli.rejudge:rejudge",
    "report": "jendela.cli.evidence:report",
    "review": "jendela.cli.review:review",
    "run": "jendela.cli.run:run",
    "source": "jendela.cli.source:source",
    "verify": "jendela.cli.evidence:verify",
}


@click.group(cls=LazyGroup, places=PLACES, context_settings={"help_option_names": ["-h", "--help"]})
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
