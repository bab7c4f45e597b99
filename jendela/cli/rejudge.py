"""`jendela rejudge`: everything held or accepted, judged again under the rules of today."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jendela.cli.options import config_option, hub_of
from jendela.cli.wording import Words, lang_option, words

if TYPE_CHECKING:
    from jendela.rejudge.outcome import Outcome

DONE, NEEDS_A_PERSON = 0, 1


@click.command()
@config_option
@click.option("--feed", help="Only this feed, such as dinas_3215.surat_tembusan.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--by", "--who", "who", envvar="JENDELA_USER", default="", help="Who decides.")
@click.option("--because", "--why", "why", default="", help="Why; kept for ever, so without any value.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@lang_option
def rejudge(
    config: Path, feed: str | None, dry_run: bool, yes: bool, who: str, why: str, as_json: bool, lang: str
) -> int:
    """Judge again what is held and what was accepted, after a rule, a code list or a contract changed.

    First it shows what would change, by rule; with --yes, or a yes on a terminal, it does it. Rows that no
    rule holds any longer are released to the next night; accepted letters that fail now stay accepted and go
    back to their senders to be corrected.

    0: nothing to change, or done. 1: something needs a person. 2: wrong use.
    """
    from jendela.rejudge.run import decide, judge_again

    if dry_run and yes:
        raise click.UsageError("--dry-run shows, --yes does: choose one of them.")
    if yes and not (who.strip() and why.strip()):
        raise click.UsageError("A decision says who takes it and why: --by and --because.")
    with hub_of(config) as hub:
        said = words(hub, lang, "return")
        outcome = judge_again(hub, feed)
        done = False
        if outcome.changes and not dry_run:
            if not yes:
                _show(outcome, as_json, False, said)
                if as_json or not sys.stdin.isatty():
                    return NEEDS_A_PERSON
                who = who.strip() or click.prompt(said("rejudge.who"))
                why = why.strip() or click.prompt(said("rejudge.why"))
                if not click.confirm(said("rejudge.confirm")):
                    return NEEDS_A_PERSON
            outcome, done = decide(hub, feed, who, why), True
    if yes or dry_run or not outcome.changes or done:
        _show(outcome, as_json, done, said)
    if not outcome.changes:
        return DONE
    return NEEDS_A_PERSON if not done or outcome.states["failing"] else DONE


def _show(outcome: Outcome, as_json: bool, done: bool, said: Words) -> None:
    """Counts by rule and by what becomes of the rows; never a value."""
    if as_json:
        click.echo(json.dumps({**outcome.as_dict(), "changes": outcome.changes, "done": done}))
        return
    for line in outcome.by_rule():
        click.echo(f"{line['feed']:<28} {line['rule']:<8} {line['before']:>8} → {line['after']:>8}")
    for state, count in outcome.states.items():
        if count:
            click.echo(f"{count:>8}  {said(f'rejudge.state.{state}')}")
    key = "done" if done else "would" if outcome.changes else "nothing"
    click.echo(said(f"rejudge.{key}"))
