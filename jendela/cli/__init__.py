"""The command line: it parses, calls one function, and turns what came back into words and an exit code.

0 done, 1 done but something needs a person, 2 wrong use or unusable input, 3 the agency named is unreachable,
4 evidence does not verify, 5 a balance is broken or an internal error.
"""

from __future__ import annotations

import sys

import click

from jendela.cli.catch_up import catch_up
from jendela.cli.demo import demo
from jendela.cli.evidence import report, verify
from jendela.cli.explain import explain
from jendela.cli.halted import halted
from jendela.cli.held import held
from jendela.cli.identity import identity
from jendela.cli.letter import letter
from jendela.cli.link import dedupe, link
from jendela.cli.rejudge import rejudge
from jendela.cli.review import review
from jendela.cli.run import run
from jendela.cli.source import source
from jendela.model.errors import InternalError, JendelaError
from jendela.model.internal import internal


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jendela")
def jendela() -> None:
    """One-window data exchange between BPJS Ketenagakerjaan and Kemnaker."""


for command in (
    demo, run, catch_up, source, held, halted, rejudge, review, report, verify, link, dedupe, explain,
    identity, letter,
):  # fmt: skip
    jendela.add_command(command)


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
