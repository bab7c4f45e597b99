"""Looking at a held row: who looks is logged first, and only what identifies nobody is in clear."""

from __future__ import annotations

import json
from collections.abc import Iterable

import polars as pl
import pytest
from sqlalchemy import insert, update

from jendela.contracts.mapping import FieldMapping
from jendela.crypto import seal
from jendela.model.errors import WrongUseError
from jendela.privacy import places
from jendela.register import quarantine
from jendela.store import tables
from jendela.store.sealed import HELD_ROW
from tests.register.conftest import agreements

PAYMENTS = "bpjs.bayar_manfaat"
NAMES = {"ATAS_NAMA": "SITI AMINAH", "NAMA_PEMOHON": "SITI NUR AMINAH", "NO_REKENING": "7123004455"}
ROW = {"NO_BAYAR": "B-17", "KD_BANK": "009", "NILAI": "2.500.000", "STS_BAYAR": "7", **NAMES}


def hold(story, feed, row, name=None, number="1"):
    """A row that waits, with its values sealed."""
    sealed = seal(story.hub.keyring, json.dumps(row).encode(), HELD_ROW)
    with story.hub.begin() as conn:
        conn.execute(
            insert(tables.held_row).values(
                held_id=number * 64, feed=feed, office=feed.split(".")[0], record_id="ab" * 32, batch_id="",
                seq=1, source_name=name, source_line=7, sealed_row=sealed, state="held",
                violations='[{"entity": "benefit_payment", "field": "state", "rule": "M-CODE"}]',
            )
        )  # fmt: skip
    return number * 64


def test_what_is_only_hashed_or_compared_is_masked(story):
    """The account and both names of a payment become no field: only their shape is shown, and said to be."""
    held = hold(story, PAYMENTS, ROW)
    _, cells = quarantine.open_row(story.hub, held, "ani", story.hub.clock())
    shown = {cell.column: cell for cell in cells}
    assert {name for name, cell in shown.items() if cell.masked} == set(NAMES)
    assert shown["ATAS_NAMA"].value == "AAAA AAAAAA"
    assert shown["NO_REKENING"].value == "9999999999"
    assert shown["STS_BAYAR"].value == "7"


@pytest.mark.parametrize("feed", [name for one in agreements().offices.values() for name in one.feeds])
def test_in_clear_is_only_what_the_contract_says_identifies_nobody(story, feed):
    """Of every feed that is agreed, whatever its mapping does with the column."""
    agreed, contracts = agreements().feed(feed), agreements().contracts
    row = dict.fromkeys(agreed.source.columns, "SITI 3215105708899001")
    _, cells = quarantine.open_row(story.hub, hold(story, feed, row), "ani", story.hub.clock())
    clear = {cell.column for cell in cells if not cell.masked}
    assert clear
    for entity, mapping in agreed.targets.items():
        for field in contracts[entity].fields:
            if field.identifying and field.name in mapping.fields:
                assert not clear & _made([mapping.fields[field.name]])
    assert clear <= _made(field for mapping in agreed.targets.values() for field in mapping.fields.values())


def _made(fields: Iterable[FieldMapping]) -> set[str]:
    """The columns whose value itself becomes one of the fields."""
    return {column for made in fields for column in ([made.source] if made.source else made.flags or ())}


def test_who_looked_and_when_is_logged(story):
    """The entry names the row, the looker and the time, and none of the row's values."""
    held = hold(story, PAYMENTS, ROW)
    quarantine.open_row(story.hub, held[:8], "  Ani   Wulandari ", story.hub.clock())
    (entry,) = story.table(tables.ledger_leaf).to_dicts()
    body = json.loads(entry["body"])["body"]
    assert entry["kind"] == "view"
    assert (body["held_id"], body["feed"], body["who"]) == (held, PAYMENTS, "Ani Wulandari")
    assert body["at"].endswith("+00:00")
    with pytest.raises(WrongUseError, match="--by"):
        quarantine.open_row(story.hub, held, "  ", story.hub.clock())
    with pytest.raises(WrongUseError, match="--by"):
        quarantine.decide(story.hub, held, "released", "", "why")
    assert story.table(tables.ledger_leaf).height == 1


@pytest.mark.parametrize(
    "why",
    ["Aminah sudah dihubungi", "rekening 7123 0044 55 benar", "NIK 3215015708899001", "lahir 17-08-1989"],
)
def test_a_reason_repeats_nothing_that_is_masked(story, why):
    """It stands in the public log for ever; the error does not repeat it either, and nothing is decided."""
    held = hold(story, PAYMENTS, ROW)
    with pytest.raises(WrongUseError, match="identifies a person") as refused:
        quarantine.decide(story.hub, held, "released", "ani", why)
    assert "aminah" not in str(refused.value).casefold()
    assert story.table(tables.ledger_leaf).is_empty()
    assert story.table(tables.held_row)["state"].to_list() == ["held"]


def test_a_reason_may_say_what_identifies_nobody(story):
    """A code that `show` gives in clear is one; the reason is kept with its spaces tidied."""
    held = hold(story, PAYMENTS, ROW)
    quarantine.decide(story.hub, held, "released", "ani", " bank  009 \n dipastikan kantor ")
    (entry,) = story.table(tables.ledger_leaf).to_dicts()
    assert json.loads(entry["body"])["body"]["why"] == "bank 009 dipastikan kantor"
    assert story.table(tables.held_row)["decided_why"].to_list() == ["bank 009 dipastikan kantor"]


def test_a_row_of_a_feed_that_is_agreed_no_more_is_decided_too(story):
    """Nobody says any longer which of its columns identify nobody: all are masked, none may be repeated."""
    held = hold(story, "dinas_9999.lama", {"KETERANGAN": "PT SINAR"})
    _, (cell,) = quarantine.open_row(story.hub, held, "ani", story.hub.clock())
    assert (cell.value, cell.masked) == ("AA AAAAA", True)
    with pytest.raises(WrongUseError, match="identifies a person"):
        quarantine.decide(story.hub, held, "discarded", "ani", "Sinar tidak ada lagi")
    quarantine.decide(story.hub, held, "discarded", "ani", "the feed ended")
    assert story.table(tables.held_row)["state"].to_list() == ["discarded"]


def test_a_letter_is_listed_by_a_digest_of_its_file_s_name(story):
    """Files of rows keep their names; a look tells the letter's."""
    letter = "PHK_SITI_AMINAH_6471014502900003.xml"
    hold(story, "dinas_6471.berkas_phk", {}, letter, "1")
    hold(story, "dinas_6471.berkas_phk", {}, letter, "2")
    hold(story, "dinas_3215.laporan_phk", {}, "laporan_phk.csv", "3")
    hold(story, "dinas_9999.lama", {}, letter, "4")
    rows, one, other, gone = quarantine.waiting(story.hub, None, None)
    assert rows.place == "laporan_phk.csv 7"
    assert one.place == other.place == gone.place
    assert len(one.place) == len("#0123456789ab 7")
    assert "SITI" not in json.dumps([row.as_dict() for row in (one, other, gone)])
    found, _ = quarantine.open_row(story.hub, one.held_id, "ani", story.hub.clock())
    assert found.place == f"{letter} 7"


def test_the_hub_keeps_the_name_of_a_letter_s_file_sealed(story):
    """By its keyed hash it is told as before; who looks at the row is told the name."""
    letter = "PHK_SITI_AMINAH_6471014502900003.xml"
    feed = agreements().feed("dinas_6471.berkas_phk")
    kept = places.hidden(story.hub.keyring, feed, pl.DataFrame({"source_name": [letter]}), "held_row")
    hashed, sealed = kept.row(0)
    assert "SITI" not in hashed
    assert places.opened(story.hub.keyring, kept, "held_row").to_list() == [letter]
    held = hold(story, feed.name, {}, hashed)
    with story.hub.begin() as conn:
        conn.execute(update(tables.held_row).values(sealed_name=sealed))
    hold(story, feed.name, {}, letter, "2")
    one, same = quarantine.waiting(story.hub, None, None)
    assert one.place == same.place == f"{hashed[:13]} 7"
    found, _ = quarantine.open_row(story.hub, held, "ani", story.hub.clock())
    assert found.place == f"{letter} 7"
