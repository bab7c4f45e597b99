"""What one office owes, taken now: a supplement of the last closed night, from pull to delivery and report.

An office that was away for days is taken in business order, a supplement for each business date of its dated
files, and one for each halted batch that was released: the register then has each state in its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jendela import night
from jendela.configured import config_path, open_hub
from jendela.model.config import load_settings
from jendela.model.errors import FeedError, UnreachableError, WrongUseError
from jendela.night import Outcome, Watch
from jendela.store import lease, nights
from jendela.store.hub import Hub

MOST = 400  # supplements of one catch-up: more than a year of daily files


@dataclass(frozen=True)
class CaughtUp:
    """The supplements that one catch-up made, oldest first."""

    outcomes: tuple[Outcome, ...]

    @property
    def needs_a_person(self) -> bool:
        """True when any of them does."""
        return any(outcome.needs_a_person for outcome in self.outcomes)


def run(
    hub: Hub,
    office: str,
    token: str,
    pid: int | None,
    watch: Watch = lambda step, scope, receipt: None,
) -> CaughtUp:
    """Take what the office owes, in business order; one that was killed on the way goes on where it stopped.

    Raises:
        UnreachableError: the office does not answer; nothing was begun.
        NightBusyError: a night or another catch-up is under way.
        WrongUseError: the office is not configured, or there is no closed night to supplement.
    """
    if office not in hub.settings.offices:
        known = ", ".join(hub.settings.offices)
        raise WrongUseError(f"Not configured: {office}. Configured are {known}.")
    day = nights.last_day(hub)
    if not hub.dry_run:
        lease.acquire(hub, day, token, pid)
    try:
        left = nights.left_open(hub)
        if left is None or left.offices != (office,):
            reach(hub, office)
        made: list[Outcome] = []
        while len(made) < MOST:
            made.append(_supplement(hub, office, token, pid, watch))
            if not _more(made[-1]):
                break
        return CaughtUp(tuple(made))
    finally:
        if not hub.dry_run:
            lease.let_go(hub, token)


def reach(hub: Hub, office: str) -> None:
    """Nothing, if one feed of the office can be looked at, or fails for another reason than silence.

    Raises:
        UnreachableError: none of its feeds answers; the first one's error.
    """
    silent: list[UnreachableError] = []
    feeds = hub.agreements.offices[office].feeds
    for name in sorted(feeds):
        try:
            hub.connect(office, "read").check(feeds[name].source)
        except UnreachableError as error:
            silent.append(error)
            continue
        except FeedError:
            return
        return
    if silent:
        raise silent[0]


def _supplement(hub: Hub, office: str, token: str, pid: int | None, watch: Watch) -> Outcome:
    opened = nights.open_supplement(hub, office)
    night.hold(hub, opened, token, pid)
    return night.through(hub, opened, hub.settings.offices, token, watch)


def _more(outcome: Outcome) -> bool:
    """Whether pull left something for later: files of later business dates, or a source not asked yet.

    After a step that failed within a person looks first: what comes next would fail alike, or overtake it.
    """
    if outcome.failed:
        return False
    pulled = (receipt for receipt in outcome.receipts if receipt.step == "pull")
    return any(counts.get("later", 0) for receipt in pulled for counts in receipt.counts.values())


def task(
    office: str,
    *,
    token: str,
    environ: Mapping[str, str],
    connection_url: Callable[[str], str],
) -> dict[str, Any]:
    """The Airflow task: catch up, and say in short what became of it.

    Raises:
        UnreachableError: the office does not answer.
    """
    settings = load_settings(config_path(environ), environ)
    with open_hub(settings, environ, connection_url=connection_url) as hub:
        caught = run(hub, office, token, None)
    missing = [item for outcome in caught.outcomes for item in outcome.missing]
    return {
        "supplements": [outcome.night.label for outcome in caught.outcomes],
        "missing": [f"{item.feed}: {item.reason}" for item in missing],
        "needs_a_person": caught.needs_a_person,
    }
