"""`jendela review audit`: draw a random sample for the reviewers, and read what it says about the links."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jendela.cli.options import config_option, hub_of
from jendela.cli.wording import Words, lang_option, words

if TYPE_CHECKING:
    from jendela.identity.review.quality import Measured, Quality

WORSE = "▼ "  # before a figure; `review.below` says what it means


@click.group()
def audit() -> None:
    """How often the links are right and how many are missed, by province and naming tradition."""


@audit.command()
@config_option
@click.option("--size", type=click.IntRange(min=1), required=True, help="Pairs to label; 400 is a beginning.")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="The same seed draws the same pairs.")
@click.option("--by", "who", required=True, envvar="JENDELA_USER", help="Who draws.")
@lang_option
def draw(config: Path, size: int, seed: int, who: str, lang: str) -> None:
    """Draw a stratified random sample and put it into the reviewers' queue, where nothing marks it."""
    from jendela.identity.review import draw as draws

    with hub_of(config) as hub:
        text = words(hub, lang, "review")
        drawn = draws.draw(hub, size, seed, who, hub.clock())
    for stratum, pairs in drawn.pairs.items():
        click.echo(f"  {text(f'stratum.{stratum}'):<46} {pairs:>6}")
    click.echo(f"{drawn.audit_id[:12]}  {text('drawn').format(count=sum(drawn.pairs.values()))}")


@audit.command()
@config_option
@click.option("--audit", "audit_id", help="An earlier audit, by its first digits; by default the last.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@lang_option
def report(config: Path, audit_id: str | None, as_json: bool, lang: str) -> int:
    """Precision and recall with 95 % intervals, from the labels so far. 1: a group fares worse."""
    from jendela.identity.review import quality

    with hub_of(config) as hub:
        text = words(hub, lang, "review")
        found = quality.quality(hub, audit_id)
    if as_json:
        click.echo(json.dumps(found.as_dict()))
    else:
        for line in _lines(found, text):
            click.echo(line)
    return 1 if found.worse_off else 0


def _lines(found: Quality, text: Words) -> list[str]:
    from jendela.identity.review.groups import provinces

    labelled = sum(int(stratum["labelled"]) for stratum in found.strata.values())
    drawn = sum(int(stratum["drawn"]) for stratum in found.strata.values())
    told = text("audit").format(audit=found.audit_id[:12], day=f"{found.drawn_at:%Y-%m-%d}")
    lines = [told, text("labelled").format(labelled=labelled, drawn=drawn)]
    for name, stratum in found.strata.items():
        share = f"{stratum['labelled']:>5}/{stratum['drawn']:<5}"
        lines.append(f"  {text(f'stratum.{name}'):<46} {stratum['pairs']:>12,.0f} {share}")
    lines += ["", _head("", text), _row(text("whole"), found.whole, text)]
    names = {code: f"{code} {name}" for code, name in provinces().items()}
    for kind, members in found.groups.items():
        lines += ["", _head(text(f"by.{kind}"), text)]
        for name, measured in members.items():
            called = names.get(name) or text(f"group.{name}")
            lines.append(_row(called, measured, text))
    if found.worse_off:
        lines += ["", text("below")]
    return [*lines, "", text("limits").format(left_out=found.left_out)]


def _head(title: str, text: Words) -> str:
    from jendela.identity.review.quality import MEASURES

    return "".join([f"{title:<30}", *(f"{text(f'measure.{name}'):<34}" for name in MEASURES)]).rstrip()


def _row(name: str, measured: dict[str, Measured], text: Words) -> str:
    return "".join([f"{name[:28]:<30}", *(f"{_cell(item, text):<34}" for item in measured.values())]).rstrip()


def _cell(item: Measured, text: Words) -> str:
    if item.estimate is None:
        return text("too_small")
    value, low, high = (
        f"{part:.4f}" for part in (item.estimate.value, item.estimate.low, item.estimate.high)
    )
    return f"{WORSE if item.state == 'below' else ''}{value} [{low}, {high}]"
