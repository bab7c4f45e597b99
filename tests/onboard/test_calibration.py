"""How far a proposal may be trusted: the demo agencies proposed anew, beside what people wrote for them."""

from __future__ import annotations

from collections import Counter

import pytest

from jendela.contracts.agreements import load_agreements
from jendela.demo.agencies import write
from tests.onboard.hidden import ROOT, judged, proposed

# Shares of the proposed fields that are as people mapped them; measured 0.99 (high) and 0.98 (medium).
FLOOR = {"high": 0.97, "medium": 0.85}
FOUND = 0.8  # of the fields that people mapped; measured 0.87


@pytest.fixture(scope="module")
def agencies(tmp_path_factory):
    """The demo agencies, six hundred workers."""
    folder = tmp_path_factory.mktemp("demo")
    write(folder, 600, 7)
    return {
        "kemnaker": ("sql", f"sqlite:///{folder / 'kemnaker/pusat.sqlite'}"),
        "bpjs": ("sql", f"sqlite:///{folder / 'bpjs/smile.sqlite'}"),
        "dinas_3215": ("files", (folder / "dinas_3215/keluar").as_uri()),
    }


@pytest.mark.slow
@pytest.mark.parametrize("described", [False, True], ids=["bare", "with its dictionary"])
def test_the_bands_mean_what_they_say(agencies, described):
    """A field proposed surely is right, and most of what people found is found."""
    agreements = load_agreements()
    lines = []
    for office, (transport, url) in agencies.items():
        dictionary = ROOT / "mappings" / office / "dictionary.csv" if described else None
        lines += judged(agreements, proposed(agreements, office, url, transport, dictionary))
    right, all_ = Counter(line.band for line in lines if line.right), Counter(line.band for line in lines)
    assert all_["high"] > 140
    for band, floor in FLOOR.items():
        assert right[band] >= floor * all_[band], (band, right[band], all_[band])
    assert sum(right.values()) >= FOUND * len([line for line in lines if line.right or line.band is None])


@pytest.mark.slow
def test_every_table_that_people_mapped_is_found_with_its_entity(agencies):
    """No table is missed, none is taken for something else."""
    agreements = load_agreements()
    for office, (transport, url) in agencies.items():
        found = {(draft.feed, draft.entity) for draft in proposed(agreements, office, url, transport)}
        written = {
            (feed.name, entity)
            for feed in agreements.offices[office].feeds.values()
            for entity in feed.targets
        }
        assert found == written
