"""Names of employers as they are written, and what they are taken to say."""

from __future__ import annotations

import polars as pl
import pytest

from jendela.identity.employers import core_name
from jendela.identity.employers.likeness import (
    CUT,
    JOINED,
    LIGHT,
    OTHER,
    SAME,
    SLIP,
    SLIPS,
    WIDER,
    name_grades,
)
from jendela.identity.employers.lists import word_list
from jendela.identity.employers.naming import name_parts
from jendela.identity.employers.spelling import name_forms, spelt, word_shares


def parts(written: str) -> dict[str, str | None]:
    """What is read from one name."""
    return name_parts(pl.Series([written])).row(0, named=True)


@pytest.mark.parametrize(
    "written",
    [
        "PT Maju Jaya Tekstil",
        "PT. MAJU JAYA TEKSTIL",
        "P.T. MAJU JAYA TEKSTIL",
        "P T MAJU JAYA TEKSTIL",
        "Perseroan Terbatas Maju Jaya Tekstil",
        "Maju Jaya Tekstil, PT.",
        "MAJU JAYA TEKSTIL PT",
        "PT Maju Jaya Tekstil Tbk",
        "PT. MAJU JAYA TEKSTIL (PERSERO) TBK.",
        "PERUSAHAAN PERSEROAN (PERSERO) PT MAJU JAYA TEKSTIL",
        "PT. PT. MAJU JAYA TEKSTIL",
        "PT MAJU JAYA TEKSTIL (PMA)",
        "PT MAJU JAYA TEKSTIL - DALAM PAILIT",
        "“PT MAJU JAYA TEKSTIL”",
        "PT. Maju Jaya Tekstil Cabang Kabupaten Karawang",
        "PT MAJU JAYA TEKSTIL (CAB. BOGOR)",
        "PT MAJU JAYA TEKSTIL - KANTOR PUSAT",
        "PT MAJU JAYA TEKSTIL TBK PLANT II KARAWANG",
        "PT MAJU JAYA TEKSTIL UNIT 3",
        "PT MAJU JAYA TEKSTIL, BOGOR",
        "PT MAJU JAYA TEXTILE",
        "PT MJU JY TEKSTIL",
        "PT MADJU DJAJA TEKSTIL",
        "PT MAJU JAYA TEKSTIL d/h CV MAJU",
        "PT MAJU JAYA TEKSTIL QQ PT LAIN SAMA SEKALI",
    ],
)
def test_one_core_however_it_is_written(written: str) -> None:
    """Legal form, site, state, old spelling and abbreviation are no part of the core."""
    assert parts(written)["name"] == "MAJU JAYA TEKSTIL"
    assert pl.select(core_name(pl.lit(written))).item() == "MAJU JAYA TEKSTIL"


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("PT GUDANG GARAM TBK", "GUDANG GARAM"),
        ("PT PABRIK KERTAS TJIWI KIMIA TBK", "PABRIK KERTAS TJIWI KIMIA"),
        ("PT EX LIBRIS", "EX LIBRIS"),
        ("PT A.B.C. PRESIDENT IND.", "ABC PRESIDENT INDONESIA"),
        ("PT SINAR MAS & CO", "SINAR MAS"),
        ("PT SINAR MAS DAN CO", "SINAR MAS"),
        ("CV BERKAH BERS.", "BERKAH BERSAUDARA"),
        ("RUMAH SAKIT UMUM HARAPAN", "RS HARAPAN"),
        ("YYS. AL-MA'RUF", "AL MARUF"),
        ("PT JAYA II", "JAYA 2"),
        ("SPBU 34.171.01", "SPBU 3417101"),
        ("PT", None),
        ("-", None),
    ],
)
def test_ordinary_words_stay(written: str, core: str | None) -> None:
    """A word that marks a site elsewhere, or a form, may be the name itself."""
    assert parts(written)["name"] == core


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("PT X", "PT"),
        ("X (PERSERO)", "PT"),
        ("C.V. X", "CV"),
        ("U.D. X", "UD"),
        ("Firma X", "FIRMA"),
        ("KUD X", "KOPERASI"),
        ("KOPERASI SERBA USAHA X", "KOPERASI"),
        ("KOP. KARYAWAN X", "KOPERASI"),
        ("YYS X", "YAYASAN"),
        ("PERKUMPULAN X", "YAYASAN"),
        ("BUMDES X", "BUMDES"),
        ("PD X", None),
        ("PERUM X", None),
        ("X", None),
    ],
)
def test_families_of_forms(written: str, form: str | None) -> None:
    """PD is a regional company or a trader: it says nothing."""
    assert parts(written)["form"] == form


def test_every_form_is_one_of_the_code_list() -> None:
    """The word list and the agreed codes name the same forms."""
    from importlib.resources import files

    codes = pl.read_csv((files("schemas") / "codes" / "legal_form.csv").read_bytes(), infer_schema=False)
    used = word_list("forms")["form"].drop_nulls()
    assert set(used) <= set(codes["code"])


@pytest.mark.parametrize(
    ("written", "site", "place", "number"),
    [
        ("PT X KANTOR PUSAT", "head", None, None),
        ("PT X CABANG BOGOR", "branch", "BOGOR", None),
        ("PT X KCP KOTA BOGOR", "branch", "BOGOR", None),
        ("PT X (PABRIK 2)", "branch", None, "2"),
        ("PT X PLANT II BEKASI", "branch", "BEKASI", "2"),
        ("PT X - GUDANG CIKARANG", "branch", "CIKARANG", None),
        ("PT X UNIT KEDIRI", "branch", "KEDIRI", None),
        ("PT X, BEKASI", None, "BEKASI", None),
        ("PT X", None, None, None),
    ],
)
def test_which_site(written: str, site: str | None, place: str | None, number: str | None) -> None:
    """Head office or branch, its place, its number."""
    read = parts(written)
    assert (read["site"], read["site_place"], read["site_number"]) == (site, place, number)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("PT BANK PERMATA TBK (d/h PT BANK BALI TBK)", "BANK BALI"),
        ("CV SUMBER REJEKI t/a WARUNG BERKAH", "WARUNG BERKAH"),
        ("PT BARU, dahulu PT LAMA", "LAMA"),
        ("PT SUMBER REJEKI QQ PT LAIN", None),
    ],
)
def test_the_other_name(written: str, other: str | None) -> None:
    """The former name and the trade name are the employer's too; the one it acts for is not."""
    assert parts(written)["other_name"] == other


@pytest.mark.parametrize(
    ("left", "right", "grade"),
    [
        ("SUMBER REJEKI", "REJEKI SUMBER", SAME),
        ("CAHAYA MULIA SURABAYA", "TJAHAJA MULYA SOERABAJA", SAME),
        ("SUMBER REJEKI", "SUMBERREJEKI", JOINED),
        ("MAJU JAYA TEKSTIL", "MAJU JAYA TEKSTIL INDONESIA", LIGHT),
        ("KARYA TEKNIK", "KARYA TKNK", CUT),
        ("ARSITEK KENCANA", "ARSITEK KENC", CUT),
        ("MAJU JAYA TEKSTIL", "MAJU JAYA TEKTSIL", SLIP),
        ("LAGATAWA MULIA", "LAGAAWA MULIA", SLIPS),
        ("ASTRA MOTOR", "ASTRA HONDA MOTOR", WIDER),
        ("MITRA JAYA TEKNIK", "CITRA JAYA TEKNIK", OTHER),
        ("MAJU JAYA 1", "MAJU JAYA 2", OTHER),
        ("MAJU JAYA", "SUMBER REJEKI", OTHER),
    ],
)
def test_how_far_names_agree(left: str, right: str, grade: int) -> None:
    """A slip makes a word that nobody uses; two ordinary words are two names."""
    names = pl.DataFrame({"left_name": [left, right], "right_name": [right, left]})
    assert name_grades(names)["grade"].to_list() == [grade, grade]


def test_old_spelling_is_heard_not_written() -> None:
    """Djakarta keeps its J, Djaja loses it: both meet today's spelling."""
    heard = pl.DataFrame({"x": ["DJAKARTA", "JAKARTA", "DJAJA", "JAYA", "TJAHAJA", "CAHAYA"]}).select(
        spelt(pl.col("x"))
    )
    assert heard["x"].to_list() == ["JAKARTA", "JAKARTA", "JAJA", "JAJA", "CAHAJA", "CAHAJA"]


def test_common_words_make_common_names() -> None:
    """Maju Jaya is borne by many, a word of one's own by hardly anybody; the rarest word names the bearer."""
    forms = {
        row["name"]: row
        for row in name_forms(pl.Series(["MAJU JAYA", "ARSITEKINDO JAYA"])).iter_rows(named=True)
    }
    assert forms["MAJU JAYA"]["share"] > 1e-3
    assert forms["ARSITEKINDO JAYA"]["share"] < 1e-5
    assert forms["ARSITEKINDO JAYA"]["rarest"] == "ARSITEKINDO"


def test_shares_counted_from_a_register() -> None:
    """The list can be counted again: a word counts once in a name."""
    shares = word_shares(pl.Series(["JAYA JAYA", "MAJU JAYA", "SINAR", None]))
    assert dict(shares.iter_rows()) == pytest.approx({"JAYA": 2 / 3, "MAJU": 1 / 3, "SINAR": 1 / 3})
