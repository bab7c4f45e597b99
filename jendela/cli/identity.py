"""`jendela identity`: the linkage model, retrained on a user's own registers."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from jendela.cli.link import AS_OF, Stages
from jendela.cli.options import writable
from jendela.model.errors import WrongUseError

_file = click.Path(path_type=Path, dir_okay=False)


@click.group()
def identity() -> None:
    """The model by which records are linked."""


@identity.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=_file)
@click.option(
    "--out",
    required=True,
    type=_file,
    callback=writable,
    help="Where the model goes; its name ends in .json.",
)
@click.option("--rounds", type=click.IntRange(1, 10), default=2, show_default=True, help="How often.")
@click.option("--model", help="The model to begin with; the shipped one by default.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=AS_OF,
    show_default=True,
    help="The day on which ages are judged.",
)
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, envvar="JENDELA_LANG"
)
@click.option("--json", "as_json", is_flag=True, help="The table as JSON.")
def train(
    files: tuple[Path, ...],
    out: Path,
    rounds: int,
    model: str | None,
    as_of: datetime,
    lang: str,
    *,
    as_json: bool,
) -> int:
    """Retrain the model on registers of your own; nobody needs to say who is who in them.

    1: Splink's own estimation disagrees with the certain pairs by more than a factor of three somewhere.
    """
    from jendela.contracts.messages import load_messages
    from jendela.identity.files import read_mentions
    from jendela.identity.policy import load_policy
    from jendela.identity.standard.frame import standardise
    from jendela.identity.train import report
    from jendela.identity.train import train as training

    if out.suffix != ".json":
        raise WrongUseError(f"{out}: A model's name ends in .json.")
    policy = load_policy()
    if model:
        policy = policy.model_copy(update={"model": model})
    with Stages(quiet=as_json) as stages:
        stages.begin("read")
        mentions = read_mentions(*files)
        stages.begin("standardise")
        standard = standardise(mentions, as_of.date())
        trained = training.train(standard, policy, rounds, stages.begin)
    written = training.write(trained, out)
    table = report.rows(trained)
    if as_json:
        click.echo(
            json.dumps({"files": [str(path) for path in written], "levels": [row.as_dict() for row in table]})
        )
    else:
        messages = load_messages()
        for line in report.lines(table, trained, lambda key: str(getattr(messages.text(key), lang))):
            click.echo(line)
        for path in written:
            click.echo(str(path))
    return 1 if any(row.doubtful for row in table) else 0
