"""A letter is returned, mended, and found by the claim; what repeats, what is offline, what was right."""

from __future__ import annotations

import polars as pl
import pytest

from jendela.report.returns import returns
from jendela.store import tables
from tests.returns.conftest import COPY, LETTER, NIK, World

MALFORMED = "32151057088990"  # two digits were lost


def counts(outcome, name="dinas.3215.hi.letter_returns"):
    """The balance of the returns to Karawang."""
    return next(r.counts[name] for r in outcome.receipts if r.step == "deliver" and name in r.counts)


def let07(world):
    """The state of "a claim's letter that the office does not know"."""
    found = world.table(tables.discrepancy).filter(pl.col("code") == "LET-07")
    return found["state"].to_list()


def test_a_malformed_nik_is_returned_mended_and_then_found_by_the_claim(world):
    """Karawang's clerk reads what is wrong, corrects the row, and Siti's claim has its proof."""
    world.agencies["bpjs"].feeds["bpjs.surat_klaim"] = [dict(COPY)]
    world.letters[0]["NIK"] = MALFORMED
    first = world.run()
    (row,) = world.returned
    assert (row["verb"], row["STATUS"], row["NO_SURAT"], row["NIK"]) == (
        "upsert", "DITAHAN", "021/HRD-PHK/IX/2026", MALFORMED,
    )  # fmt: skip
    assert row["KUNCI_SUMBER"] == "NO AGENDA = 117/AGD/2026"
    assert row["TENGGAT"] == "12 Oktober 2026"  # five working days from Monday 5 October
    assert "NIK (kolom NIK): NIK tidak terdiri atas 16 angka. Perbaikan: tulis 16 angka" in row["URAIAN"]
    assert "Paling lambat 12 Oktober 2026 (5 hari kerja)" in row["URAIAN"]
    assert "Permenaker 2/2025 Pasal 9(2)" in row["DASAR_HUKUM"]
    assert "NIK (column NIK): A NIK has not 16 digits. Put right: write the 16 digits" in row["URAIAN_EN"]
    assert MALFORMED not in row["URAIAN"]
    assert "SITI" not in row["URAIAN"]
    assert counts(first)["due"] == 1
    assert let07(world) == ["open"]

    world.letters[0]["NIK"] = NIK
    second = world.run()
    assert [entry["verb"] for entry in world.returned] == ["upsert", "retract"]
    assert counts(second)["pending_before"] + counts(second)["due"] == sum(
        counts(second)[name] for name in ("acknowledged", "refused", "expired", "pending_after")
    )
    (held,) = world.table(tables.held_row).to_dicts()
    assert (held["state"], held["mended_by"], held["closed_seq"]) == ("superseded", held["record_id"], 2)
    with world.hub() as hub, hub.reading() as conn:
        waited, mended = (returns(conn, outcome.night) for outcome in (first, second))
    assert [(line["office"], line["returned"], line["mended"], line["waiting"]) for line in mended] == [
        ("dinas_3215", 1, 1, 0)
    ]
    assert waited[0]["tonight"] == 1
    assert let07(world) == ["closed"]


def test_the_same_night_twice_gives_one_return(world):
    """And a quiet night after it gives none."""
    world.letters[0]["NIK"] = MALFORMED
    world.run()
    assert counts(world.run())["due"] == 0
    assert len(world.returned) == 1


def test_an_office_that_is_offline_gets_its_return_when_it_is_back(world):
    """It waits in the hub, and is dated by the night it became due."""
    world.letters[0]["NIK"] = MALFORMED
    world.agencies["dinas_3215"].away = True
    assert counts(world.run())["pending_after"] == 1
    assert world.returned == []
    world.agencies["dinas_3215"].away = False
    world.run()
    assert [(row["night"], row["TGL_DIKEMBALIKAN"]) for row in world.returned] == [
        ("2026-10-05", "5 Oktober 2026")
    ]


def test_a_correction_under_another_key_mends_what_it_names(world):
    """The employer sends a new letter, RALAT, which the clerk enters as a new row."""
    world.letters[0]["NIK"] = MALFORMED
    world.run()
    world.letters.append(
        LETTER | {"NO AGENDA": "130/AGD/2026", "NO SURAT": "025/HRD-PHK/X/2026",
                  "TGL SURAT": "5 Oktober 2026", "PERIHAL": "RALAT", "SURAT DIGANTI": "021/HRD-PHK/IX/2026"}
    )  # fmt: skip
    world.run()
    (held,) = world.table(tables.held_row).to_dicts()
    assert held["state"] == "superseded"
    assert held["mended_by"] not in (None, held["record_id"])
    assert [row["verb"] for row in world.returned] == ["upsert", "retract"]


def test_another_worker_of_the_same_letter_mends_nothing(world):
    """A mass lay-off has one number for thousands: Budi's row says nothing of Siti's."""
    world.letters[0]["NIK"] = MALFORMED
    world.run()
    world.letters.append(
        LETTER | {"NO AGENDA": "118/AGD/2026", "NAMA PEKERJA": "BUDI SANTOSO", "NIK": "3215101203850002",
                  "TGL LAHIR": "12 Maret 1985", "L/P": "L", "KPJ": ""}
    )  # fmt: skip
    world.run()
    assert world.table(tables.held_row)["state"].to_list() == ["held"]
    assert [row["verb"] for row in world.returned] == ["upsert"]


def test_a_letter_with_a_short_notice_is_accepted_and_returned_to_be_corrected(world):
    """L-03: its legal effect exists, so it is not held; its sender is asked, with the article."""
    world.letters[0]["TGL BERLAKU"] = "11 September 2026"
    first = world.run()
    (row,) = world.returned
    assert row["STATUS"] == "PERBAIKI"
    assert "L-03" in row["ATURAN"]
    assert "(kolom TGL BERLAKU)" in row["URAIAN"]
    assert "PP 35/2021 Pasal 37(3)-(4)" in row["DASAR_HUKUM"]
    assert "tetap digunakan" in row["URAIAN"]
    validated = next(r for r in first.receipts if r.step == "validate" and r.scope == "dinas_3215")
    assert validated.counts["dinas_3215.surat_tembusan"]["to_correct"] == 1
    assert world.table(tables.held_row).is_empty()
    world.letters[0]["TGL BERLAKU"] = "24 September 2026"
    world.run()
    assert [entry["verb"] for entry in world.returned] == ["upsert", "retract"]


def test_a_sound_letter_is_not_returned(world):
    """Nor is anything asked for that the office's list has no column for."""
    world.run()
    assert world.returned == []


def test_nothing_of_a_return_is_in_clear_in_the_hub(world):
    """Neither whose it is nor what is wrong in words: payloads and findings are sealed."""
    world.letters[0]["NIK"] = MALFORMED
    world.letters.append(LETTER | {"NO AGENDA": "119/AGD/2026", "TGL BERLAKU": "11 September 2026"})
    world.run()
    tables_of = (tables.held_row, tables.letter_finding, tables.delivery, tables.receipt, tables.ledger_leaf)
    text = "".join(repr(world.table(table).to_dicts()) for table in tables_of)
    for secret in ("SITI", MALFORMED, NIK, "hari kerja", "021/HRD"):
        assert secret not in text


@pytest.mark.servers
def test_the_story_on_postgresql(tmp_path, postgres_url):
    """Held, returned, mended, retracted: as on SQLite."""
    world = World(tmp_path, postgres_url)
    world.letters[0]["NIK"] = MALFORMED
    world.run()
    world.letters[0]["NIK"] = NIK
    world.run()
    assert [row["verb"] for row in world.returned] == ["upsert", "retract"]
    (held,) = world.table(tables.held_row).to_dicts()
    assert held["mended_by"] == held["record_id"]
