"""`jendela explain`: in words, why two records are one person or not."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jendela.cli.link import AS_OF, Stages
from jendela.cli.options import hub_of, writable

if TYPE_CHECKING:
    from jendela.contracts.messages import Messages
    from jendela.identity.explain.explained import Explained

LANGUAGES = {"id": ("id",), "en": ("en",), "both": ("id", "en")}
_file = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("target", metavar="PERSON|LEFT_ID:RIGHT_ID")
@click.option("--config", envvar="JENDELA_CONFIG", type=_file, help="The hub's configuration.")
@click.option("--left", type=_file, help="A file of mentions instead of a hub.")
@click.option("--right", type=_file, help="The file of RIGHT_ID, where it is another.")
@click.option("--model", help="With files: a model written by `jendela identity train`.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=AS_OF,
    show_default=True,
    help="With files: the day on which ages are judged.",
)
@click.option(
    "--lang", type=click.Choice([*LANGUAGES]), default="both", show_default=True, envvar="JENDELA_LANG"
)
@click.option(
    "--html", type=_file, callback=writable, help="Write a page with Splink's waterfall, in both languages."
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many pairs."
)
@click.option(
    "--show-values", is_flag=True, help="What the records say, in clear; on a hub it is logged before."
)
@click.option("--by", "who", envvar="JENDELA_USER", help="Who looks at values.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def explain(
    target: str,
    config: Path | None,
    left: Path | None,
    right: Path | None,
    model: str | None,
    as_of: datetime,
    lang: str,
    html: Path | None,
    limit: int,
    who: str | None,
    *,
    show_values: bool,
    as_json: bool,
) -> None:
    """Say why two records are one person or not, or whom a person is made of and who else is near.

    TARGET is a person's id, of which sixteen digits are enough, or two record ids with a colon between, eight
    digits of each. With --left FILE [--right FILE] the two are records of files, and no hub is needed.
    """
    if left is not None:
        found, texts = _in_files(target, left, right, model, as_of, show_values=show_values, quiet=as_json)
    elif config is not None:
        found, texts = _in_hub(target, config, who, show_values=show_values)
    else:
        raise click.UsageError("Name a hub (--config FILE or JENDELA_CONFIG) or a file (--left FILE).")
    if html is not None:
        from jendela.identity.explain.page import page

        html.write_text(page(found, texts, limit), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False))
        return
    from jendela.identity.explain import terminal
    from jendela.identity.explain.words import Teller

    tellers = [Teller(texts, language) for language in LANGUAGES[lang]]
    for place, teller in enumerate(tellers):
        for line in [*([terminal.BETWEEN] if place else []), *terminal.lines(found, teller, limit)]:
            click.echo(line)
    if html is not None:
        click.echo(str(html))


def _in_files(
    target: str,
    left: Path,
    right: Path | None,
    model: str | None,
    as_of: datetime,
    *,
    show_values: bool,
    quiet: bool,
) -> tuple[Explained, Messages]:
    from jendela.contracts.messages import load_messages
    from jendela.identity.explain.in_files import of_files
    from jendela.identity.policy import load_policy

    policy = load_policy()
    if model:
        policy = policy.model_copy(update={"model": model})
    paths = (left,) if right is None else (left, right)
    with Stages(quiet=quiet) as stages:
        found = of_files(target, paths, policy, as_of.date(), stages.begin, show_values=show_values)
    return found, load_messages()


def _in_hub(target: str, config: Path, who: str | None, *, show_values: bool) -> tuple[Explained, Messages]:
    from jendela.contracts.messages import load_messages
    from jendela.identity.explain import hub as register

    if show_values and not who:
        raise click.UsageError("Say who looks at the values: --by NAME (or JENDELA_USER).")
    with hub_of(config) as hub:
        one, colon, other = target.partition(":")
        found = register.of_link(hub, one, other) if colon else register.of_person(hub, target)
        if show_values:
            found = register.with_values(hub, found, who or "", hub.clock())
        return found, load_messages(hub.agreements.folder)


def _as_json(found: Explained) -> dict[str, object]:
    return {
        "person": found.person,
        "own": [account.as_dict() for account in found.own],
        "outside": [account.as_dict() for account in found.outside],
        "values": dict(found.values),
    }
