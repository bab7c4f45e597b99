"""People as registers confuse them: who each mention is, and what must come of two of them.

Each story is of its own people, so that all are told in one crowd. What the second mention does not say for
itself is as the first has it; `None` is not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.identity.crowd import Mention, nik

KARAWANG, BEKASI, BALIKPAPAN, MEDAN = "321501", "321605", "647102", "127105"
LINK, REVIEW, APART, UNLINKED = "link", "review", "apart", "not link"


@dataclass(frozen=True)
class Story:
    """`mentions` by a letter; `outcome` of pairs of letters. `a` and `b` unlinked are never one person."""

    title: str
    mentions: dict[str, Mention]
    outcome: dict[str, str]


def worker(name: str, born: str, *, district: str = KARAWANG, serial: int = 9101, **said: Any) -> Mention:
    """All that a careful register says of a worker; telephone and card are made of the number."""
    woman = said.get("sex") == "P"
    number = nik(district, date.fromisoformat(born), serial, woman=woman)
    tail = sum(int(digit) * (place + 7) ** 4 for place, digit in enumerate(number)) % 10**7
    return {
        "national_id": number,
        "full_name": name,
        "birth_date": born,
        "birth_place": "Karawang",
        "sex": "L",
        "mother_name": "Sukaesih",
        "phone": f"08571{tail:07d}",
        "kpj": f"1900{tail:07d}",
        "address": f"Jl. Melati No. {tail % 997 + 1}",
        "region_code": district[:4],
        "employer_id": "FACTORY-1",
        **said,
    }


def twice(title: str, first: Mention, outcome: str, **other: Any) -> Story:
    """A mention, and another that differs from it in this. What is another person's is said by the story."""
    return Story(title, {"a": first, "b": {**first, **other}}, {"ab": outcome})


ONE_PERSON = [
    twice("the same row twice", worker("Agus Purwanto", "1980-03-17"), LINK),
    twice(
        "a title and another job",
        worker("Darto Sukirman", "1971-05-22"),
        LINK,
        full_name="H. Darto Sukirman, S.T.",
        employer_id="WORKSHOP",
    ),
    twice("no NIK at the counter", worker("Wawan Darmawan", "1983-11-09"), LINK, national_id=None, kpj=None),
    twice(
        "a digit of the NIK's date",
        worker("Cecep Rukmana", "1981-03-16"),
        LINK,
        national_id=nik(KARAWANG, date(1981, 8, 16), 9101),
    ),
    twice(
        "an illegible NIK and 1 January for want of better",
        worker("Juanda Saepudin", "1979-06-24"),
        LINK,
        national_id=None,
        birth_date="1979-01-01",
    ),
    twice(
        "a colleague's NIK typed for him",
        worker("Odang Suherman", "1984-02-27"),
        LINK,
        national_id=nik(BEKASI, date(1985, 5, 5), 9855),
    ),
    twice(
        "a second NIK after moving",
        worker("Tarmidi Jayadi", "1976-10-13"),
        LINK,
        national_id=nik(BALIKPAPAN, date(1976, 10, 13), 9004),
        address="Jl. Soepratman No. 3",
        region_code="6471",
    ),
    twice(
        "day and month in exchange, and no NIK",
        worker("Kosasih Mahpudin", "1988-04-09"),
        LINK,
        national_id=None,
        birth_date="1988-09-04",
    ),
    twice(
        "a spreadsheet that zeroed the last digit",
        worker("Nanang Koswara", "1990-07-28", serial=9227),
        LINK,
        national_id=nik(KARAWANG, date(1990, 7, 28), 9220),
        kpj=None,
    ),
    twice(
        "a spreadsheet that kept three digits",
        worker("Endi Supriadi", "1991-12-19"),
        LINK,
        national_id="3.21E+15",
        kpj=None,
    ),
    twice(
        "the last digit cut off by a narrow field",
        worker("Oman Abdurohman", "1977-08-15", serial=9316),
        LINK,
        national_id="321501150877931",
        full_name="Oman Abdul Rochman",
        kpj=None,
        mother_name=None,
    ),
    twice(
        "a wedding name and a new telephone",
        worker("Ros Widaningsih", "1992-09-30", sex="P"),
        LINK,
        full_name="Ny. Ros Widaningsih Kusnadi",
        phone="085799123123",
        employer_id="SHOP-7",
    ),
    twice(
        "old spelling, another order, no number",
        worker("Soekarto Tjipto", "1968-02-11"),
        LINK,
        full_name="Cipto Sukarto",
        national_id=None,
        kpj=None,
    ),
    twice(
        "a corrected birth date that the NIK does not follow",
        worker("Yayat Hidayatulloh", "1982-05-03"),
        LINK,
        birth_date="1983-05-03",
        kpj=None,
    ),
    Story(
        "several cards of one worker",
        {
            "a": worker("Undang Sutisna", "1975-01-23"),
            "b": worker("Undang Sutisna", "1975-01-23", kpj="19001112223", employer_id="FACTORY-2"),
            "c": worker("U. Sutisna", "1975-01-23", kpj="19003334445", employer_id="FACTORY-3", phone=None),
        },
        {"ab": LINK, "ac": LINK, "bc": LINK},
    ),
    Story(
        "a bridge: the letter has neither number nor date, the claim has both",
        {
            "a": worker("Engkos Kosasih", "1970-04-25", phone=None, mother_name=None),
            "b": worker("Engkos Kosasih", "1970-04-25"),
            "c": worker("Engkos Kosasih", "1970-04-25", national_id=None, birth_date=None, kpj=None),
        },
        {"ab": LINK, "bc": LINK, "ac": LINK},
    ),
    Story(
        "an opaque number of another country",
        {
            "a": {"national_id": "K-7741902", "full_name": "Wanjiru Achieng", "birth_date": "1986-03-02"},
            "b": {"national_id": "k7741902", "full_name": "Achieng Wanjiru", "birth_date": "02/03/1986"},
            "c": {"national_id": "K-7741911", "full_name": "Kamau Otieno", "birth_date": "1979-10-21"},
        },
        {"ab": LINK, "ac": UNLINKED},
    ),
    Story(
        "a social-security number with a slip",
        {
            "a": {
                "national_id": "219-09-9381",
                "full_name": "Jonathan P. Whitmore",
                "birth_date": "1980-06-14",
            },
            "b": {"national_id": "219-09-9318", "full_name": "Jonathan Whitmore", "birth_date": "06/14/1980"},
        },
        {"ab": LINK},
    ),
]

OTHERS = [
    twice(
        "his wife under his NIK",
        worker("Ujang Saripudin", "1980-10-02"),
        APART,
        full_name="Imas Masitoh",
        birth_date="1983-08-09",
        sex="P",
        mother_name="Juju",
        phone=None,
        kpj=None,
    ),
    twice(
        "his wife under his NIK, at his address and telephone",
        worker("Amung Suryana", "1978-12-06"),
        APART,
        full_name="Iis Aisyah",
        birth_date="1981-03-21",
        sex="P",
        mother_name="Onah",
        kpj=None,
    ),
    twice(
        "a namesake born the same day elsewhere, of another mother",
        worker("Dadang Suhendar", "1985-03-17"),
        APART,
        national_id=nik(BALIKPAPAN, date(1985, 3, 17), 9004),
        birth_place="Balikpapan",
        mother_name="Rukmini",
        phone="085799345345",
        kpj="19009998887",
        address="Jl. Mulawarman No. 8",
        region_code="6471",
        employer_id="MINE",
    ),
    twice(
        "a namesake born the same day elsewhere, of whom little is said",
        worker("Ade Rohmat", "1982-06-07"),
        UNLINKED,
        national_id=nik(MEDAN, date(1982, 6, 7), 9311),
        birth_place="Medan",
        mother_name=None,
        phone=None,
        kpj=None,
        address=None,
        region_code=None,
        employer_id=None,
    ),
    twice(
        "his father of the same name",
        worker("Maman Suparman", "1985-04-12"),
        APART,
        national_id=nik(KARAWANG, date(1957, 8, 2), 9001),
        birth_date="1957-08-02",
        mother_name="Icih",
        phone=None,
        kpj=None,
        employer_id=None,
    ),
    twice(
        "her mother of the same name, at home",
        worker("Neneng Hasanah", "1990-11-30", sex="P"),
        UNLINKED,
        national_id=nik(KARAWANG, date(1966, 2, 14), 9012, woman=True),
        birth_date="1966-02-14",
        mother_name="Eutik",
        phone=None,
        kpj=None,
        employer_id=None,
    ),
    twice(
        "his twin in the same factory",
        worker("Hasan Basri", "1993-05-21", serial=9041),
        APART,
        national_id=nik(KARAWANG, date(1993, 5, 21), 9042),
        full_name="Husen Basri",
        phone="085799567567",
        kpj="19007776665",
    ),
    twice(
        "his twin of nearly the same name",
        worker("Rian Permadi", "1995-09-18", serial=9051),
        UNLINKED,
        national_id=nik(KARAWANG, date(1995, 9, 18), 9052),
        full_name="Rion Permadi",
        phone="085799678678",
        kpj="19006665554",
    ),
    twice(
        "his twin sister under his NIK",
        worker("Yanto Suryanto", "1994-08-26", serial=9061),
        UNLINKED,
        full_name="Yanti Suryanti",
        sex="P",
        kpj="19004443332",
        phone="085799789789",
        employer_id="SHOP-7",
    ),
    twice(
        "a colleague who has only the name in common",
        worker("Asep Sopian", "1980-07-10"),
        APART,
        national_id=nik(BEKASI, date(1988, 4, 19), 9021),
        birth_date="1988-04-19",
        mother_name="Tuminah",
        phone=None,
        kpj=None,
        address="Jl. Kenari No. 77",
        region_code="3216",
    ),
    twice(
        "a card used by two",
        worker("Jajang Nurjaman", "1980-01-29", national_id=None),
        APART,
        full_name="Rudi Hartanto",
        birth_date="1991-02-03",
        mother_name="Ponirah",
        phone=None,
        address=None,
    ),
    Story(
        "the HR clerk's NIK on the rows of three workers",
        {
            "a": worker("Lina Marlina", "1986-01-17", sex="P"),
            "b": worker("Dudung Abdulah", "1974-03-03"),
            "c": worker("Elis Sulastri", "1989-12-24", sex="P"),
            "d": worker("Dudung Abdulah", "1974-03-03", national_id=None),
        },
        {"ab": UNLINKED, "ac": UNLINKED, "bc": UNLINKED, "bd": LINK},
    ),
    Story(
        "twins, and a letter that may be either's",
        {
            "a": worker("Deden Ramdani", "1996-10-05", serial=9071),
            "b": worker("Dedi Ramdani", "1996-10-05", serial=9072, phone="085799456456", kpj="19005554443"),
            "c": worker("D. Ramdani", "1996-10-05", national_id=None, phone=None, kpj=None),
        },
        {"ab": UNLINKED},
    ),
]
# The clerk typed her own number.
for _story in OTHERS:
    if "HR clerk" in _story.title:
        for _letter in "bc":
            _story.mentions[_letter]["national_id"] = _story.mentions["a"]["national_id"]
STORIES = [*ONE_PERSON, *OTHERS]
