"""The step `validate` on a real hub: who goes on, who is held, who is an echo, and what leaves the step."""

from __future__ import annotations

import sys
from datetime import date

import polars as pl
import pytest
from sqlalchemy import insert

from jendela.model.errors import BalanceError, JendelaError
from jendela.store.tables import echo
from jendela.validate import rows as step
from tests.validate.conftest import FEED
from tests.validate.stories import rows

UNREADABLE = {
    "_record_id": "x1",
    "_row": 9,
    "_name": "a.csv",
    "entity": "employment",
    "field": "start_date",
    "rule": "M-DATE",
}


def read(intake, night, name):
    """An artefact of the step."""
    return intake.hub.artefacts.read(night, "validate", f"{FEED}.{name}")


def test_sound_rows_go_on_and_broken_ones_are_held_with_all_their_rules(intake):
    """Siti is accepted; Budi ended before he started, for a negative wage; Wati's date was unreadable."""
    night = intake.night()
    budi = {"end_date": date(2010, 1, 1), "wage_reported": -1}
    intake.brings(night, problems=[UNREADABLE], employment=rows("employment", {}, budi))
    receipt = step.run(intake.hub, night, "bpjs")
    assert receipt.counts == {FEED: {"accepted": 1, "held": 2, "echo": 0, "warned": 0}}
    assert read(intake, night, "employment.accepted")["_record_id"].to_list() == ["r0"]
    held = read(intake, night, "held")
    assert set(held.select("_record_id", "field", "rule").iter_rows()) == {
        ("r1", "end_date", "D-ORDER"),
        ("r1", "wage_reported", "C-RNG"),
        ("x1", "start_date", "M-DATE"),
    }
    assert dict(read(intake, night, "outcomes").iter_rows()) == {"r0": "accepted", "r1": "held", "x1": "held"}


def test_a_value_that_could_not_be_read_is_not_called_missing_too(intake):
    """The filing date was 30 February: one reason, not two. The claim number is missing by itself."""
    night = intake.night()
    unread = {**UNREADABLE, "_record_id": "r0", "entity": "claim", "field": "filed_date"}
    intake.brings(night, problems=[unread], claim=rows("claim", {"filed_date": None, "claim_number": None}))
    step.run(intake.hub, night, "bpjs")
    found = set(read(intake, night, "held").select("field", "rule").iter_rows())
    assert found == {("filed_date", "M-DATE"), ("claim_number", "C-REQ")}


def test_what_leaves_the_step_about_broken_rows_carries_no_value(intake):
    """Not the NIK, not the name: only where, which field, which rule."""
    night = intake.night()
    frame = rows("termination_letter", {"nik": "999", "full_name": "RAHASIA"}, {"reason_code": "RAHASIA"})
    intake.brings(night, termination_letter=frame)
    receipt = step.run(intake.hub, night, "bpjs")
    for name in ("held", "warnings", "outcomes"):
        text = read(intake, night, name).write_csv()
        assert "999" not in text
        assert "RAHASIA" not in text
    assert "RAHASIA" not in receipt.to_json()


def test_a_register_row_goes_on_without_the_number_that_was_set_aside(intake):
    """Excel ate Siti's NIK: her spell is accepted without it, and somebody can see that it was there."""
    night = intake.night()
    intake.brings(night, employment=rows("employment", {"nik": "3,21511E+15"}, {"phone": "-"}))
    assert step.run(intake.hub, night, "bpjs").counts[FEED] == {
        "accepted": 2,
        "held": 0,
        "echo": 0,
        "warned": 2,
    }
    accepted = read(intake, night, "employment.accepted")
    assert accepted["nik"].to_list() == [None, "3215105708899001"]
    assert accepted["phone"].to_list() == ["+6281290001234", None]
    assert list(
        read(intake, night, "warnings").select("_record_id", "field", "rule", "outcome").iter_rows()
    ) == [
        ("r0", "nik", "N1", "set_aside"),
        ("r1", "phone", "C-PAT", "set_aside"),
    ]


def test_a_row_that_an_emptied_field_leaves_without_an_employer_is_held(intake):
    """The NPP was the only number of the employer, and it is none."""
    night = intake.night()
    frame = rows("employment", {}, {"npp": "???"}, {"npp": "???", "wlkp_code": "00011.20190312.0004"})
    intake.brings(night, employment=frame)
    step.run(intake.hub, night, "bpjs")
    assert set(read(intake, night, "held").select("_record_id", "rule").iter_rows()) == {("r1", "C-ANY")}
    assert read(intake, night, "employment.accepted")["_record_id"].to_list() == ["r0", "r2"]


def test_a_source_row_is_held_as_a_whole(intake):
    """The letter is sound, its case is not: neither goes on."""
    night = intake.night()
    case = rows("termination_case", {"report_receipt_date": date(2026, 9, 1)}, {})
    intake.brings(night, termination_letter=rows("termination_letter", {}, {}), termination_case=case)
    counts = step.run(intake.hub, night, "bpjs").counts[FEED]
    assert (counts["accepted"], counts["held"]) == (1, 1)
    assert read(intake, night, "termination_letter.accepted")["_record_id"].to_list() == ["r1"]


@pytest.fixture
def our_delivery(intake, monkeypatch):
    """We delivered one registration to the office: the row of Siti's."""
    monkeypatch.setattr(step, "echo_hash", lambda _hub, _office, _entity, frame: frame["full_name"])
    with intake.hub.begin() as conn:
        sent = {"office": "bpjs", "entity": "employment", "echo_hash": "SITI NUR AISYAH", "delivery_id": "d1"}
        conn.execute(insert(echo).values(**sent))


def test_what_we_delivered_ourselves_is_no_news(intake, our_delivery):
    """The same words come back: an echo. Another name: news. A broken echo: held like any row."""
    night = intake.night()
    frame = rows("employment", {}, {"full_name": "SITI AISYAH"}, {"end_date": date(2010, 1, 1)})
    intake.brings(night, employment=frame)
    counts = step.run(intake.hub, night, "bpjs").counts[FEED]
    assert counts == {"accepted": 1, "held": 1, "echo": 1, "warned": 0}
    assert read(intake, night, "employment.accepted")["_record_id"].to_list() == ["r1"]


def test_an_independent_row_is_never_an_echo(intake, our_delivery):
    """The employer sent the office the very same letter: that corroborates."""
    night = intake.night()
    intake.brings(night, employment=rows("employment", {}, independent=True))
    assert step.run(intake.hub, night, "bpjs").counts[FEED]["echo"] == 0


def test_an_office_without_news_costs_nothing(intake):
    """No frame is read, nothing heavy is imported, the receipt says so."""
    night = intake.night()
    intake.brings(night, counts={"changes": 0})
    before = "great_expectations" in sys.modules
    assert step.run(intake.hub, night, "bpjs").counts == {}
    assert not intake.hub.artefacts.exists(night, "validate", f"{FEED}.held")
    assert ("great_expectations" in sys.modules) == before


def test_the_step_repeated_is_the_same_step(intake):
    """The second attempt finds its receipt."""
    night = intake.night()
    intake.brings(night, employment=rows("employment", {}))
    assert step.run(intake.hub, night, "bpjs") == step.run(intake.hub, night, "bpjs")


def test_nothing_is_lost_between_the_steps(intake):
    """Pull handed on three rows, one became nothing: the night must not go on."""
    night = intake.night()
    intake.brings(night, employment=rows("employment", {}, {}), counts={"changes": 3})
    with pytest.raises(BalanceError, match="3 rows were handed on, 2 have an outcome"):
        step.run(intake.hub, night, "bpjs")


def test_an_office_must_be_pulled_first(intake):
    """Without its receipt there is nothing to judge."""
    with pytest.raises(JendelaError, match="not pulled"):
        step.run(intake.hub, intake.night(), "bpjs")


def test_the_verdict_does_not_depend_on_the_order_of_rows(intake):
    """The same rows upside down: the same held lines, the same outcomes."""
    frame = rows("employment", {"nik": "1"}, {"end_date": date(2010, 1, 1)}, {}, {"full_name": None})
    seen = []
    for number, given in enumerate((frame, frame.reverse())):
        night = intake.night(number)
        intake.brings(night, employment=given)
        step.run(intake.hub, night, "bpjs")
        seen.append(
            [
                read(intake, night, name).sort("_record_id", pl.nth(-1))
                for name in ("held", "outcomes", "warnings")
            ]
        )
    assert all(one.equals(other) for one, other in zip(*seen, strict=True))
    assert isinstance(seen[0][0], pl.DataFrame)
