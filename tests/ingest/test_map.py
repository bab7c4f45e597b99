"""Source rows become canonical rows: each comes out mapped, as a problem, or both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.contracts.agreements import load_agreements
from jendela.contracts.mapping import Condition
from jendela.crypto.keyring import Keyring
from jendela.ingest.canonical import map_rows
from jendela.ingest.reaching import with_reached
from jendela.ingest.values import condition_expr

KEYRING = Keyring((bytes(32),), "test")


@pytest.fixture(scope="module")
def agreements():
    """The installed agreements."""
    return load_agreements()


def _rows(feed, *changes: dict[str, str | None]) -> pl.DataFrame:
    """Rows as pull hands them on, each a change to an empty one."""
    columns = feed.source.columns
    made = [
        {
            "_row": number,
            "_name": None,
            "_record_id": f"r{number}",
            "_row_hash": f"h{number}",
            "_released": False,
            "_problem": None,
            "_fields": None,
            **dict.fromkeys(columns),
            **change,
        }
        for number, change in enumerate(changes, start=1)
    ]
    types = {"_row": pl.Int64, "_released": pl.Boolean}
    names = ["_row", "_name", "_record_id", "_row_hash", "_released", "_problem", "_fields", *columns]
    rows = pl.DataFrame(made, schema={name: types.get(name, pl.String) for name in names})
    return with_reached(rows, feed, KEYRING)


SITI = {
    "KPJ": "01234567891  ",
    "NPP": "JJ012345  ",
    "URUT_KEPESERTAAN": "1",
    "KD_DIVISI": "000",
    "JENIS_IDENTITAS": "1",
    "NOMOR_IDENTITAS": "3215105708899001    ",
    "NAMA_LENGKAP": "SITI NUR AISYAH",
    "TEMPAT_LAHIR": "KARAWANG",
    "TGL_LAHIR": "17-08-1989",
    "JENIS_KELAMIN": "2",
    "NAMA_IBU_KANDUNG": "-",
    "KEWARGANEGARAAN": "1",
    "KD_KAB_TK": "3215",
    "NO_HP": "0811-5550-101",
    "NAMA_PERUSAHAAN": "PT MAJU JAYA TEKSTIL",
    "KD_KAB_PERUSAHAAN": "3215",
    "TGL_MULAI_KERJA": "03-02-2014",
    "STATUS_KERJA": "T",
    "UPAH": "Rp 4.500.000,00",
    "PRG_JHT": "Y",
    "PRG_JKK": "Y",
    "PRG_JKM": "Y",
    "PRG_JP": "N",
    "PRG_JKP": "Y",
    "SEBAB_NA": "02",
    "TGL_NA": "24-09-2026",
}


def _spell(agreements, **change: str | None):
    feed = agreements.feed("bpjs.tk_kepesertaan")
    mapped = map_rows(_rows(feed, SITI | change), feed, agreements.contracts)
    return mapped.entities["employment"].row(0, named=True), mapped.problems


def test_siti_at_bpjs(agreements):
    """Padded CHAR, text dates, rupiah, codes of their own and yes/no columns: all become the agreed types."""
    row, problems = _spell(agreements)
    assert problems.is_empty()
    assert row["nik"] == "3215105708899001"
    assert row["birth_date"] == date(1989, 8, 17)
    assert row["sex"] == "P"
    assert row["mother_maiden_name"] is None
    assert row["phone"] == "+628115550101"
    assert row["kpj"] == "01234567891"
    assert row["wage_reported"] == Decimal("4500000.00")
    assert row["programmes"] == "JHT JKK JKM JKP"
    assert row["end_cause"] == "TERMINATION"
    assert row["end_date"] == date(2026, 9, 24)
    assert row["citizenship"] == "WNI"
    assert row["wlkp_code"] is None
    assert (row["_row"], row["_record_id"], row["_row_hash"]) == (1, "r1", "h1")


def test_the_fields_are_those_of_the_contract_in_its_order_and_types(agreements):
    """Every later step can count on it, also when a field has no source."""
    for office in agreements.offices.values():
        for feed in office.feeds.values():
            mapped = map_rows(_rows(feed), feed, agreements.contracts)
            for entity, frame in mapped.entities.items():
                fields = [field.name for field in agreements.contracts[entity].fields]
                expected = ["_row", "_name", "_record_id", "_row_hash", *fields, "_independent"]
                assert frame.columns == expected, feed.name
                for field in agreements.contracts[entity].fields:
                    dtype = {"date": pl.Date, "money": pl.Decimal(15, 2), "int": pl.Int64}.get(
                        field.type, pl.String
                    )
                    assert frame.schema[field.name] == dtype, (feed.name, field.name)


def test_an_unreadable_value_is_null_and_a_problem(agreements):
    """The row still comes out, so that every other rule it breaks is found too."""
    row, problems = _spell(agreements, TGL_NA="31-06-2026", UPAH="4,500,000")
    assert row["end_date"] is None
    assert row["wage_reported"] is None
    assert problems.select("_record_id", "_row", "entity", "field", "rule").rows() == [
        ("r1", 1, "employment", "end_date", "M-DATE"),
        ("r1", 1, "employment", "wage_reported", "M-MONEY"),
    ]


def test_an_unknown_code_is_a_problem_and_never_a_default(agreements):
    """A new cause at BPJS is held until somebody says what it means."""
    row, problems = _spell(agreements, SEBAB_NA="77", PRG_JKP="?")
    assert row["end_cause"] is None
    assert problems["field"].to_list() == ["end_cause", "programmes"]
    assert problems["rule"].to_list() == ["M-CODE", "M-CODE"]


def test_nothing_said_is_no_problem(agreements):
    """An empty column, or one of blanks, is null and nothing more."""
    row, problems = _spell(agreements, TGL_NA=None, UPAH="   ", SEBAB_NA="  ")
    assert problems.is_empty()
    assert (row["end_date"], row["wage_reported"], row["end_cause"]) == (None, None, None)


def test_a_worker_in_no_programme_has_no_programmes(agreements):
    """Five times no is nothing, not an empty text."""
    nothing = dict.fromkeys(("PRG_JHT", "PRG_JKK", "PRG_JKM", "PRG_JP", "PRG_JKP"), "N")
    assert _spell(agreements, **nothing)[0]["programmes"] is None


def test_the_number_of_a_passport_is_not_taken_for_a_nik(agreements):
    """John's passport number stays out of the NIK, and is no problem either."""
    row, problems = _spell(agreements, JENIS_IDENTITAS="2", NOMOR_IDENTITAS="A1234567", KEWARGANEGARAAN="2")
    assert row["nik"] is None
    assert row["citizenship"] == "WNA"
    assert problems.is_empty()


def test_a_damaged_nik_stays_visible(agreements):
    """Mapping cleans it and the contract judges it: nothing is guessed, nothing disappears."""
    assert _spell(agreements, NOMOR_IDENTITAS="3.21510570889E+15")[0]["nik"] == "3.21510570889E+15"


def test_what_came_from_us_is_not_independent(agreements):
    """A letter that BPJS has from Jendela may be an echo; one from the worker or nobody known may not."""
    feed = agreements.feed("bpjs.surat_klaim")
    rows = _rows(feed, *({"ID_SURAT": "1", "ASAL_SURAT": origin} for origin in ("JENDELA", "PESERTA ", None)))
    made = map_rows(rows, feed, agreements.contracts).entities["termination_letter"]
    assert made["_independent"].to_list() == [False, True, True]


def test_a_letter_file_with_a_receipt_is_also_a_case(agreements):
    """One source row, two entities with the same record id; without a receipt only the letter."""
    feed = agreements.feed("dinas_6471.berkas_phk")
    letter = {"surat/nomor_surat": "021/HRD", "pekerja/@urut": "1"}
    received = letter | {
        "penerimaan/nomor_tanda_terima": "560/0412",
        "penerimaan/tanggal_terima": "2026-07-20",
    }
    mapped = map_rows(_rows(feed, letter, received), feed, agreements.contracts)
    assert mapped.entities["termination_letter"]["_record_id"].to_list() == ["r1", "r2"]
    case = mapped.entities["termination_case"]
    assert case["_record_id"].to_list() == ["r2"]
    assert case["report_received_date"].to_list() == [date(2026, 7, 20)]


def test_a_row_that_pull_marked_is_a_problem_and_nothing_else(agreements):
    """An unreadable letter or a row without a key has nothing to map, and is not lost."""
    feed = agreements.feed("dinas_6471.berkas_phk")
    mapped = map_rows(_rows(feed, {"_problem": "F-XML", "_name": "surat_1.xml"}), feed, agreements.contracts)
    assert all(frame.is_empty() for frame in mapped.entities.values())
    assert mapped.problems.rows() == [("r1", 1, "surat_1.xml", "", "", "F-XML")]


def test_the_reports_of_karawang(agreements):
    """Slashed dates, the office's own words, a dash that means no dispute."""
    feed = agreements.feed("dinas_3215.laporan_phk")
    row = {
        "NO TANDA TERIMA": "560/0401/HI-KRW/2026",
        "NO URUT": "1",
        "TGL TERIMA": "28/09/2026",
        "NAMA PEKERJA": "Siti Nur Aisyah",
        "NIK": "3215 1057 0889 9001",
        "TGL LAHIR": "17/08/1989",
        "L/P": "p",
        "ALASAN": "efisiensi cegah rugi",
        "TANGGAPAN": "MENERIMA",
        "TAHAP": "-",
        "NO PB": "-",
    }
    mapped = map_rows(_rows(feed, row), feed, agreements.contracts)
    case = mapped.entities["termination_case"].row(0, named=True)
    assert mapped.problems.is_empty()
    assert case["nik"] == "3215105708899001"
    assert case["sex"] == "P"
    assert case["reason_code"] == "R432"
    assert case["dispute_stage"] == "NONE"
    assert case["pb_number"] is None
    assert case["workplace_region"] == "3215"
    assert case["report_received_date"] == date(2026, 9, 28)


TEXTS = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["Y", "02", "17-08-1989", "Rp 1.000,00", "1", " "])
)


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_no_row_is_lost_whatever_is_in_it(agreements, data):
    """Each row comes out mapped or as a problem; and a null with a text behind it is a problem."""
    offices = list(agreements.offices.values())
    feed = data.draw(st.sampled_from([feed for office in offices for feed in office.feeds.values()]))
    row = st.fixed_dictionaries(dict.fromkeys(feed.source.columns, TEXTS))
    rows = _rows(feed, *data.draw(st.lists(row, min_size=1, max_size=5)))
    mapped = map_rows(rows, feed, agreements.contracts)
    out = {record for frame in mapped.entities.values() for record in frame["_record_id"]}
    assert out | set(mapped.problems["_record_id"]) == set(rows["_record_id"])
    found = set(mapped.problems.select("_record_id", "entity", "field").rows())
    for entity, mapping in feed.targets.items():
        for record in mapped.entities[entity].iter_rows(named=True):
            source = rows.filter(pl.col("_record_id") == record["_record_id"]).row(0, named=True)
            for name, made in mapping.fields.items():
                said = (source[made.source] or "").strip() if made.source else ""
                if record[name] is None and said and made.when is None and "blank" not in made.via:
                    invisible = not any(
                        character.isprintable() and not character.isspace() for character in said
                    )
                    assert invisible or (record["_record_id"], entity, name) in found, (entity, name)


def test_conditions_never_leave_a_row_undecided():
    """Null is in no list, and not in none."""
    frame = pl.DataFrame({"x": ["A", "B ", "", None]})

    def taken(condition: Condition | None) -> list[bool]:
        return frame.with_columns(condition_expr(condition).alias("taken"))["taken"].to_list()

    assert taken(Condition("x", ("A",), None)) == [True, False, False, False]
    assert taken(Condition("x", None, ("B",))) == [True, False, True, True]
    assert taken(Condition("x", None, None)) == [True, True, False, False]
    assert taken(None) == [True, True, True, True]
