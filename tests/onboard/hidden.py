"""The demo agencies proposed anew, beside the mappings that people wrote for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jendela.contracts.agreements import Agreements
from jendela.onboard.draft import Answers, FeedDraft
from jendela.onboard.propose import Wanted, propose, reaches
from jendela.onboard.read import describer, read_source
from jendela.onboard.words import load_vocabulary

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Judged:
    """One field that was proposed or that people mapped, and the band of the proposal (None: absent)."""

    feed: str
    entity: str
    field: str
    band: str | None
    right: bool


def proposed(
    agreements: Agreements, office: str, url: str, transport: str, dictionary: Path | None = None
) -> list[FeedDraft]:
    """What is proposed for an office from nothing but its source."""
    known = agreements.offices[office]
    source = read_source(describer(transport, office, url), 2000, dictionary)
    wanted = Wanted(office, known.agency, known.region)
    return propose(source, agreements.contracts, agreements.codes, load_vocabulary(ROOT), wanted, Answers())


def judged(agreements: Agreements, drafts: list[FeedDraft]) -> list[Judged]:
    """Every field of the drafts beside the written mapping of the same feed and entity."""
    found = []
    for draft in drafts:
        feed = agreements.offices[draft.feed.split(".")[0]].feeds.get(draft.feed)
        written = feed.targets.get(draft.entity) if feed is not None else None
        if feed is None or written is None:
            found += [
                Judged(draft.feed, draft.entity, name, made.band, False)
                for name, made in draft.fields.items()
            ]
            continue
        for field in agreements.contracts[draft.entity].fields:
            made, agreed = draft.fields.get(field.name), written.fields.get(field.name)
            if made is None:
                if agreed is not None and not reaches(field):
                    found.append(Judged(draft.feed, draft.entity, field.name, None, False))
                continue
            right = agreed is not None and _same(made, agreed, feed.origins)
            found.append(Judged(draft.feed, draft.entity, field.name, made.band, right))
    return found


def _same(made, agreed, origins) -> bool:
    """The same column through the same reading transform, or the same constant."""
    if made.origin is None or agreed.source is None:
        return made.value is not None and made.value == agreed.value
    reads = {
        "date-dmy",
        "date-ymd",
        "date-iso",
        "date-words",
        "month-my",
        "month-ym",
        "rupiah",
        "rupiah-en",
        "decimal",
        "int",
    }
    same = set(made.origin.columns) == set(origins[agreed.source])
    return same and reads & set(made.via) == reads & set(agreed.via)
