"""One night: the steps in order, the same under Airflow (`task`) and without it (`run`)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from jendela.configured import config_path, open_hub
from jendela.model.config import load_settings
from jendela.model.errors import JendelaError, UnreachableError, UnusableFeedError, WrongUseError
from jendela.model.internal import internal
from jendela.model.receipt import Missing, Night, Receipt
from jendela.store import lease, nights
from jendela.store.again import passes, steadily
from jendela.store.hub import Hub
from jendela.store.receipts import of_night

LOG = logging.getLogger(__name__)

Watch = Callable[[str, str, Receipt | None], None]

BY_OFFICE = ("pull", "map", "validate")
WHOLE = ("measures", "merge", "identify", "consolidate", "reconcile")


@dataclass(frozen=True)
class Outcome:
    """How a night ended: the receipts in order, and whether a step of an office failed within."""

    night: Night
    receipts: tuple[Receipt, ...]
    failed: bool = False

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Feeds and deliveries that did not happen."""
        return tuple(item for receipt in self.receipts for item in receipt.missing)

    @property
    def needs_a_person(self) -> bool:
        """True when a feed is missing or halted, a row held, a delivery refused or silent, a step failed."""
        troubles = ("held", "halted", "refused", "escalated")
        counted = (counts for receipt in self.receipts for counts in receipt.counts.values())
        return bool(self.failed or self.missing) or any(
            counts.get(name, 0) for counts in counted for name in troubles
        )


def begin(hub: Hub, day: date | None, offices: Sequence[str], token: str, pid: int | None) -> Night:
    """Take the night's lease and open it: the day asked for, or the one after the last closed night.

    The lease comes first: a run that is refused has opened nothing, and no night has its offices. A night
    that is open already keeps its own; that others were asked for is said in the log.

    Raises:
        NightBusyError: another run holds the night.
        WrongUseError: an office is not configured, or not any more; the day does not follow the last night.
    """
    chosen = tuple(offices) or hub.settings.offices
    if unknown := sorted(set(chosen) - set(hub.settings.offices)):
        raise WrongUseError(
            f"Not configured: {', '.join(unknown)}. Configured are {', '.join(hub.settings.offices)}."
        )
    if (left := nights.left_open(hub)) is not None:
        _require_agreed(hub, left)
        hold(hub, left, token, pid)
        # A catch-up was killed: what it began comes first, for the register knows things in one order.
        through(hub, left, hub.settings.offices, token)
    if not hub.dry_run:
        lease.acquire(hub, day or nights.next_day(hub), token, pid)
    try:
        night = nights.open_night(hub, day, chosen)
        _require_agreed(hub, night)
    except WrongUseError:
        lease.release(hub, token)
        raise
    hold(hub, night, token, pid)
    if set(night.offices) != set(chosen):
        kept, asked = ", ".join(night.offices), ", ".join(chosen)
        told = "The night of %s was opened with %s, and goes on with them; asked for were %s."
        LOG.warning(told, night.day, kept, asked)
    return night


def _require_agreed(hub: Hub, night: Night) -> None:
    gone = sorted(set(night.offices) - set(hub.agreements.offices))
    if not gone:
        return
    with hub.reading() as conn:
        closed = any(one.step == "close" for one in of_night(conn, night))
    if not closed:
        raise WrongUseError(
            f"The night of {night.label} was opened with {', '.join(gone)}, of which the configuration says "
            "nothing any more. Put the office's folder back until that night is closed; a night that comes "
            "after it goes without."
        )


def hold(hub: Hub, night: Night, token: str, pid: int | None) -> None:
    """Take the lease of a night or of a supplement; a dry run needs none.

    Raises:
        NightBusyError: another run has it.
    """
    if not hub.dry_run:
        lease.acquire(hub, night.day, token, pid, night.supplement)


def perform(hub: Hub, night: Night, step: str, scope: str, *, last_attempt: bool = True) -> Receipt:
    """Perform one step for one scope; a step that is already done gives its receipt again.

    Each step is imported here, when it is wanted: Airflow runs one a process.
    """
    match step:
        case "pull":
            from jendela.ingest.pull import run as pull

            return pull(hub, night, scope, last_attempt=last_attempt)
        case "map":
            from jendela.ingest.map import run as to_canonical

            return to_canonical(hub, night, scope)
        case "validate":
            from jendela.validate.rows import run as validate

            return validate(hub, night, scope)
        case "measures":
            from jendela.close.unended import settle
            from jendela.validate.measures import run as judge_measures

            settle(hub, night, "pull", night.offices)
            return judge_measures(hub, night)
        case "merge":
            from jendela.register.merge import run as merge

            return merge(hub, night)
        case "identify":
            from jendela.identity.step import run as identify

            return identify(hub, night)
        case "consolidate":
            from jendela.register.consolidate import run as consolidate

            return consolidate(hub, night)
        case "reconcile":
            from jendela.reconcile.step import run as reconcile

            return reconcile(hub, night)
        case "deliver":
            from jendela.deliver.step import run as deliver

            return deliver(hub, night, scope)
        case "close":
            from jendela.close.step import run as close

            return close(hub, night)
    raise WrongUseError(f"There is no step {step!r}.")


def plan(night: Night, inboxes: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The steps of a night in order, each with its scope; `inboxes` are delivered to, or else its offices."""
    intake = [(step, office) for office in night.offices for step in BY_OFFICE]
    return [
        *intake,
        *((step, "") for step in WHOLE),
        *(("deliver", office) for office in inboxes or night.offices),
        ("close", ""),
    ]


def run(
    hub: Hub,
    day: date | None,
    offices: Sequence[str],
    token: str,
    pid: int | None,
    watch: Watch = lambda step, scope, receipt: None,
) -> Outcome:
    """One whole night in this process. `watch` hears of each step before (None) and after (its receipt)."""
    try:
        return through(hub, begin(hub, day, offices, token, pid), (), token, watch)
    finally:
        if not hub.dry_run:
            lease.let_go(hub, token)


def through(
    hub: Hub,
    night: Night,
    inboxes: Sequence[str],
    token: str,
    watch: Watch = lambda step, scope, receipt: None,
) -> Outcome:
    """The steps of an open night that `token` holds, one after the other; `inboxes` as `plan` has them.

    What nobody foresaw at one office is told in the log by its kind, and the night goes on without that step,
    as it does under Airflow: `close.unended` says what is missing.
    """
    receipts: list[Receipt] = []
    ended: set[tuple[str, str]] = set()
    for step, scope in plan(night, inboxes):
        if step in BY_OFFICE and ended & {(before, scope) for before in BY_OFFICE}:
            continue
        if not hub.dry_run:
            # To another host a night of many hours would look dead.
            steadily(lambda: lease.renew(hub, token), "lease", hub)
        watch(step, scope, None)
        receipt = _forgiving(hub, night, step, scope)
        if receipt is None:
            ended.add((step, scope))
            continue
        receipts.append(receipt)
        watch(step, scope, receipt)
    if ended:
        with hub.reading() as conn:
            told = [one for one in of_night(conn, night) if (one.step, one.scope) in ended]
        receipts = [*receipts[:-1], *told, *receipts[-1:]]
    return Outcome(night, tuple(receipts), bool(ended))


def _forgiving(hub: Hub, night: Night, step: str, scope: str) -> Receipt | None:
    """The step's receipt, or None where one office's failed of something that nobody foresaw."""

    def attempt() -> Receipt:
        return patiently(hub, night, scope) if step == "pull" else perform(hub, night, step, scope)

    try:
        return steadily(attempt, f"{step} {scope}".rstrip(), hub)
    except (JendelaError, SQLAlchemyError, OSError):
        raise  # ours to mend first: a hub or a disk that does not answer fails every office alike
    except Exception as error:
        if not scope or passes(error):
            raise
        LOG.error("%s of %s: %s", step, scope, internal(error))  # a traceback may quote rows
        return None


def patiently(hub: Hub, night: Night, office: str) -> Receipt:
    """Pull, trying again while the agency does not answer; the last attempt records it as missing."""
    for _ in range(hub.settings.pull_attempts - 1):
        try:
            return perform(hub, night, "pull", office, last_attempt=False)
        except UnreachableError:
            time.sleep(hub.settings.pull_pause_seconds)
    return perform(hub, night, "pull", office)


def task(
    name: str,
    scope: str,
    *,
    night: str | None,
    offices: Sequence[str],
    dry_run: bool,
    token: str,
    last_attempt: bool,
    environ: Mapping[str, str],
    connection_url: Callable[[str], str],
) -> dict[str, Any]:
    """One Airflow task: a step of the night that `token` (the run id) holds, and its counts in short.

    Raises:
        UnreachableError: the agency did not answer; on the last attempt only after it is recorded as missing.
        UnusableFeedError: a feed is missing and trying again is no use; the night goes on without it.
    """
    settings = load_settings(config_path(environ), environ)
    day = date.fromisoformat(night) if night else None
    with open_hub(settings, environ, connection_url=connection_url, dry_run=dry_run) as hub:
        if dry_run:
            return {"rehearsed": str(run(hub, day, offices, token, None).night.day), "agencies": {}}
        if name == "open_night":
            opened = begin(hub, day, offices, token, None)
            return {"night": str(opened.day), "seq": opened.seq, "agencies": _agencies(hub, opened)}
        if name == "release_night":
            lease.release(hub, token)
            return {}
        held = nights.current(hub, *lease.renew(hub, token))
        receipt = perform(hub, held, name, scope, last_attempt=last_attempt)
    if name in ("pull", "deliver") and receipt.missing:
        raise_missing(receipt.missing)
    return receipt.counts


def _agencies(hub: Hub, night: Night) -> dict[str, list[str]]:
    """Tonight's offices by the agency whose pool they share: {"dinas": ["dinas_3215", …], …}."""
    found: dict[str, list[str]] = {}
    for office in night.offices:
        found.setdefault(hub.agreements.offices[office].agency, []).append(office)
    return found


def raise_missing(missing: Sequence[Missing]) -> None:
    """Raise the first missing feed's error, so that the office is red at a glance; it is recorded already."""
    first, others = missing[0], len(missing) - 1
    more = f" ({others} more feeds of this office are missing too.)" if others else ""
    again = first.retriable and not first.skipped  # an open breaker is not tried again the same night
    kind = UnreachableError if again else UnusableFeedError
    raise kind(first.office, first.feed, first.reason, first.remedy + more)
