"""What is proposed of sources that nobody here designed the mapping for."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jendela.contracts.dictionary import load_dictionary
from jendela.contracts.feed_checks import Agreed, check
from jendela.contracts.mapping import build_feed, read_feed
from jendela.model.describing import TEXT, SourceColumn, SourceTable
from jendela.model.errors import AgreementError
from jendela.onboard.draft import Answers
from jendela.onboard.profile import profile
from jendela.onboard.propose import Source, Wanted, propose
from jendela.onboard.write import OfficeDraft, files_of
from tests.onboard.conftest import (
    CODES,
    CONTRACTS,
    NAMES,
    SECRET,
    VOCABULARY,
    WORDS,
    clerk,
    drafts_of,
    nik,
    payroll,
)

OFFICE = OfficeDraft("baru", "Kantor Baru", "New office", "Asia/Jakarta", None, "sql", "BARU", "dinas")


def only(drafts):
    """The one draft of workers."""
    return next(draft for draft in drafts if draft.entity == "employment")


def test_a_payroll_from_abroad_becomes_employment(tmp_path):
    """English, camel case, a name in two parts, changes by a real timestamp."""
    draft = only(drafts_of(payroll(tmp_path / "p.db")))
    made = {name: field.origin.columns for name, field in draft.fields.items() if field.origin}
    assert made["full_name"] == (("Worker", "firstName"), ("Worker", "lastName"))
    assert made["nik"] == (("Worker", "nationalId"),)
    assert made["start_date"] == (("Worker", "hireDate"),)
    assert made["end_date"] == (("Worker", "leaveDate"),)
    assert made["wage_reported"] == (("Worker", "monthlyWage"),)
    assert (draft.mode, draft.watermark, draft.key) == ("delta", "lastModified", ("workerId",))


def test_codes_are_translated_by_the_offices_own_list_and_the_rest_is_asked(tmp_path):
    """`7` is zero hours, for which there is no code of ours: it is asked, never guessed."""
    draft = only(drafts_of(payroll(tmp_path / "p.db")))
    contract = draft.fields["contract_type"]
    assert contract.codes == {"1": "PKWTT", "2": "PKWT"}
    assert contract.asked == ("7",)
    assert [q.reason.values["code"] for q in draft.questions if q.field == "contract_type"] == ["7"]
    assert draft.fields["end_cause"].codes == {"1": "RESIGNATION", "2": "TERMINATION", "3": "RETIREMENT"}


def test_a_number_called_nik_that_is_a_staff_number_is_not_the_nik(tmp_path):
    """In firms `NIK` is often the staff number: the values decide, and the other column is found."""
    draft = only(drafts_of(clerk(tmp_path / "k.db")))
    assert draft.fields["nik"].origin.columns == (("MST_KARY", "NO_KTP"),)


def test_tables_without_declared_keys_are_joined_by_their_values(tmp_path):
    """The employer's name and number are in the other table."""
    draft = only(drafts_of(clerk(tmp_path / "k.db")))
    assert draft.fields["npp"].origin.columns == (("MST_PRSH", "NPP"),)
    assert draft.fields["employer_name"].origin.columns == (("MST_PRSH", "NM_PRSH"),)
    assert "phone" not in draft.fields  # the company's telephone is nobody's own
    assert "LEFT JOIN" in draft.query


def test_a_date_kept_as_text_is_never_a_watermark(tmp_path):
    """It does not sort by time; the table is compared whole, and the reason says why."""
    draft = only(drafts_of(clerk(tmp_path / "k.db")))
    assert (draft.mode, draft.watermark) == ("snapshot", None)
    assert draft.extraction[1].key == "mode.text_date"
    assert draft.fields["birth_date"].via == ("trim", "date-dmy")
    assert draft.fields["wage_reported"].via[-1] == "rupiah"


def test_every_field_has_a_reason_in_both_languages(tmp_path):
    """And those without a source have one too."""
    for draft in [*drafts_of(payroll(tmp_path / "p.db")), *drafts_of(clerk(tmp_path / "k.db"))]:
        for words in WORDS.values():
            assert all(words.all(made.reasons) for made in draft.fields.values())
            assert all(words.say(reason) for reason in draft.absent.values())
        assert {*draft.fields, *draft.absent} | {q.field for q in draft.questions} >= set(
            CONTRACTS[draft.entity].by_name
        )


def test_no_personal_value_is_in_any_file(tmp_path):
    """Not in the YAML, the dictionary or the sheet that goes round."""
    drafts = [*drafts_of(payroll(tmp_path / "p.db")), *drafts_of(clerk(tmp_path / "k.db"))]
    for text in files_of(OFFICE, drafts, WORDS, "id").values():
        assert not [secret for secret in SECRET if secret.lower() in text.lower()]


def test_a_folder_of_exports_is_proposed_with_its_form(tmp_path):
    """Semicolons, windows-1252, a date in the file's name."""
    lines = ["NO AK1;NAMA;NIK;TGL DAFTAR;STATUS"]
    lines += [f"AK{i:05};{NAMES[i % 6]} ñ;{nik(i)};{i % 28 + 1:02}/03/2026;AKTIF" for i in range(40)]
    for day in ("20260901", "20260902"):
        (tmp_path / f"pencari_kerja_{day}.csv").write_bytes("\r\n".join(lines).encode("windows-1252"))
    (draft,) = drafts_of(tmp_path.as_uri(), "files")
    assert draft.entity == "pes_registration"
    assert draft.table.options == {"encoding": "windows-1252", "delimiter": ";", "take": "last"}
    assert draft.table.path == "pencari_kerja_*.csv"
    assert draft.fields["registered_date"].via == ("trim", "date-dmy")
    assert [q.field for q in draft.questions] == ["registration_no", "key"]


def test_a_key_that_was_only_seen_in_a_sample_is_asked_for(tmp_path):
    """Two people of one key would be one record: no sample shows that there are none among the others."""
    lines = ["NO AK1;NAMA;NIK;TGL DAFTAR;STATUS"]
    lines += [f"AK{i:05};{NAMES[i % 6]};{nik(i)};{i % 28 + 1:02}/03/2026;AKTIF" for i in range(40)]
    (tmp_path / "pencari_kerja.csv").write_text("\r\n".join(lines), encoding="utf-8")
    (draft,) = drafts_of(tmp_path.as_uri(), "files")
    (asked,) = (q for q in draft.questions if q.field == "key")
    assert asked.reason.values["rows"] == 40
    assert WORDS["id"].say(asked.reason).startswith("apakah ")
    (told,) = drafts_of(tmp_path.as_uri(), "files", Answers(keys={draft.table.name: ("NO AK1",)}))
    assert [q.field for q in told.questions if q.field == "key"] == []


def test_a_table_of_nothing_that_is_exchanged_is_not_proposed(tmp_path):
    """The laundry's customers are not our business."""
    import sqlite3

    with sqlite3.connect(tmp_path / "l.db") as conn:
        conn.execute("CREATE TABLE cucian (id INTEGER PRIMARY KEY, berat INTEGER, harga INTEGER)")
        conn.executemany("INSERT INTO cucian VALUES (?,?,?)", [(i, i % 9, i * 1000) for i in range(30)])
    conn.close()
    assert drafts_of(f"sqlite:///{tmp_path / 'l.db'}") == []


POOL = {
    "nama_lengkap": lambda i: NAMES[i % 6],
    "nik": nik,
    "jk": lambda i: "LP"[i % 2],
    "tgl_lahir": lambda i: f"{i % 28 + 1:02}-01-1980",
    "npp": lambda i: f"JK{i % 3:06}",
    "status_kerja": lambda i: "123"[i % 3],
    "alasan_berhenti": lambda i: ("PHK", "PENSIUN", "ANEH")[i % 3],
    "no_klaim": lambda i: f"K/{i}",
    "tgl_klaim": lambda i: f"2026-0{i % 9 + 1}-01",
    "status_klaim": lambda i: ("DIAJUKAN", "DITOLAK")[i % 2],
    "no": lambda i: str(i),
    "Kolom: aneh, #1": lambda i: f"x{i}",
}


@settings(max_examples=25, deadline=None)
@example(["Kolom: aneh, #1", "alasan_berhenti"], False, "training_attendance")  # it needs a percentage
@given(
    columns=st.lists(st.sampled_from(sorted(POOL)), min_size=2, unique=True),
    keyed=st.booleans(),
    entity=st.sampled_from(sorted(CONTRACTS)),
)
def test_a_proposal_loads_once_its_questions_are_answered(tmp_path_factory, columns, keyed, entity):
    """Or says which remain: what the loader refuses is always one of the questions that were put."""
    table = SourceTable(
        "t",
        tuple(SourceColumn(name, "VARCHAR(60)", TEXT, written=f'"{name}"') for name in columns),
        key=(columns[0],) if keyed else (),
        written="t",
    )
    frame = pl.DataFrame({name: [POOL[name](i) for i in range(30)] for name in columns})
    source = Source([table], lambda _: frame, lambda _: None, lambda _: None, {})
    wanted = Wanted("baru", "dinas", "3215", (entity,), ("t",))
    (draft,) = propose(source, CONTRACTS, CODES, VOCABULARY, wanted, Answers())
    folder = tmp_path_factory.mktemp("usul")
    problem = loaded(folder, draft)
    assert problem is None or draft.questions, problem
    (answered,) = propose(source, CONTRACTS, CODES, VOCABULARY, wanted, answers_to(draft, columns))
    left = {question.reason.key for question in answered.questions}
    assert left <= {"ask.key", "ask.reach"}
    if not left:
        assert loaded(tmp_path_factory.mktemp("jawab"), answered) is None


def answers_to(draft, columns):
    """Any answer to every question, as it may be answered: a code of the list, a column, a constant."""
    contract = CONTRACTS[draft.entity].by_name
    codes, values, sources = {}, {}, {}
    for question in draft.questions:
        if question.reason.key == "ask.code":
            name = str(question.reason.values["column"])
            codes[name, str(question.reason.values["code"])] = sorted(
                CODES[contract[question.field].codes].codes
            )[0]
        elif question.field in contract:
            field = contract[question.field]
            if "--set" not in question.answer:
                sources[question.field] = columns[0]
            else:
                values[question.field] = sorted(CODES[field.codes].codes)[0] if field.codes else "X1"
    return Answers(values=values, sources=sources, codes=codes, keys={"t": (columns[0],)})


def loaded(folder: Path, draft):
    """What the loader says of the feed's file; None if it loads."""
    for name, text in files_of(OFFICE, [draft], WORDS, "id").items():
        (folder / name).write_text(text, encoding="utf-8")
    try:
        file, raw = read_feed(folder / f"{draft.feed.split('.')[1]}.yaml", folder)
        agreed = Agreed("sql", CONTRACTS, CODES, load_dictionary(folder / "dictionary.csv", folder))
        build_feed(file, raw, "baru", check(file, raw, agreed))
    except AgreementError as error:
        return str(error)
    return None


@given(
    st.lists(
        st.sampled_from([nik(i) for i in range(4)] + ["a@b.id", "12345678901"]), min_size=1, max_size=200
    )
)
@settings(max_examples=40, deadline=None)
def test_numbers_that_people_are_known_by_are_never_codes(values):
    """However few there are: three workers in the whole table, ninety times."""
    assert profile(SourceColumn("kode", "VARCHAR", TEXT), pl.Series(values), ()).codes == ()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_strange_column_name_survives_the_yaml(tmp_path, lang):
    """Colons, signs and quotes in names are data, not YAML."""
    table = SourceTable(
        "tabel: aneh",
        tuple(
            SourceColumn(name, "VARCHAR(20)", TEXT, written=f'"{name}"')
            for name in ("no", "NAMA: 'LENGKAP'", "tgl daftar #")
        ),
        key=("no",),
        written='"tabel: aneh"',
    )
    frame = pl.DataFrame(
        {"no": ["1", "2"], "NAMA: 'LENGKAP'": ["Budi", "Siti"], "tgl daftar #": ["2026-01-01", "2026-01-02"]}
    )
    source = Source([table], lambda _: frame, lambda _: None, lambda _: None, {})
    answers = Answers(values={"status": "ACTIVE"}, sources={"registration_no": "no"})
    wanted = Wanted("baru", "dinas", None, ("pes_registration",), ("tabel: aneh",))
    (draft,) = propose(source, CONTRACTS, CODES, VOCABULARY, wanted, answers)
    assert draft.fields["registered_date"].origin.columns == (("tabel: aneh", "tgl daftar #"),)
    assert loaded(tmp_path, draft) is None


def legacy(path: Path) -> str:
    """A personnel table out of a DBF: no keys, days of eight digits, place and birth date in one."""
    import sqlite3

    with sqlite3.connect(path) as conn:
        conn.execute(
            "CREATE TABLE data_pegawai (NOPEG CHAR(6), NAMA CHAR(40), NOKTP CHAR(20), TTL CHAR(40),"
            " JNSKEL CHAR(1), TGLMSK CHAR(8), TGLKLR CHAR(8), STSPEG CHAR(1), GAPOK CHAR(12))"
        )
        conn.execute("CREATE TABLE ref_stspeg (KODE CHAR(1), KET CHAR(30))")
        conn.executemany("INSERT INTO ref_stspeg VALUES (?,?)", [("1", "TETAP"), ("2", "TIDAK TETAP")])
        for i in range(60):
            number = nik(i)
            conn.execute(
                "INSERT INTO data_pegawai VALUES (?,?,?,?,?,?,?,?,?)",
                (f"{i:06}", NAMES[i % 6].upper(), f"{number[:6]}.{number[6:12]}.{number[12:]}",
                 f"BANDUNG, {i % 28 + 1:02}-03-19{60 + i % 40}", "LP"[i % 2], f"201{i % 9}0115",
                 "20260331" if i % 10 == 0 else "00000000", "12"[i % 2], f"{4 + i % 5}.500.000"),
            )  # fmt: skip
    conn.close()
    return f"sqlite:///{path}"


def test_a_legacy_personnel_table_is_understood(tmp_path):
    """A day of zeros is no day; a list without a key tells the codes; what it denies is asked."""
    draft = only(drafts_of(legacy(tmp_path / "l.db")))
    made = {name: field.origin.columns[0][1] for name, field in draft.fields.items() if field.origin}
    assert made["nik"] == "NOKTP"
    assert (made["start_date"], made["end_date"]) == ("TGLMSK", "TGLKLR")
    assert draft.fields["end_date"].via == ("trim", "blank", "date-ymd")
    assert draft.fields["wage_reported"].via[-1] == "rupiah"
    assert draft.fields["contract_type"].codes == {"1": "PKWTT"}
    assert draft.fields["contract_type"].asked == ("2",)


def test_a_column_of_place_and_birth_date_is_named_with_what_to_do(tmp_path):
    """Neither can be mapped from it as it is; that there is no such column would be untrue."""
    draft = only(drafts_of(legacy(tmp_path / "l.db")))
    for field in ("birth_date", "birth_place"):
        assert draft.absent[field].values == {"column": "TTL"}
        assert "SQL" in WORDS["en"].say(draft.absent[field])


def test_people_of_whom_only_the_name_comes_are_asked_about(tmp_path):
    """No number and no birth date: nobody could be found again. Who says that it must be so is not asked."""
    import sqlite3

    with sqlite3.connect(tmp_path / "h.db") as conn:
        conn.execute(
            "CREATE TABLE employees (employee_id INTEGER PRIMARY KEY, first_name VARCHAR(20),"
            " last_name VARCHAR(25), phone_number VARCHAR(20), hire_date DATE NOT NULL, salary DECIMAL(10,2))"
        )
        for i in range(60):
            row = (i, *NAMES[i % 6].split(), f"0812345{i:05}", f"2020-0{i % 9 + 1}-01", 4_500_000 + i)
            conn.execute("INSERT INTO employees VALUES (?,?,?,?,?,?)", row)
    conn.close()
    url = f"sqlite:///{tmp_path / 'h.db'}"
    assert [q.field for q in only(drafts_of(url)).questions] == ["npp", "nik"]
    told = Answers(absent=frozenset({"nik"}))
    assert [q.field for q in only(drafts_of(url, answers=told)).questions] == ["npp"]
