"""People, numbers and names look like the country's."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from jendela.demo.chance import stream
from jendela.demo.identifiers import luhn_digit, npwp, npwp_dotted
from jendela.demo.regions import old_codes, regions
from jendela.demo.spelling import variant
from jendela.demo.world import build


@pytest.fixture(scope="module")
def world():
    """Four thousand workers."""
    return build(9, 4000)


def test_nik_structure(world):
    """A district of any vintage, the birth date with 40 added for women, a serial nobody is given."""
    old = {code: new for new, code in old_codes().items()}
    districts = {district for region in regions().values() for district, _ in region.districts}
    corrected = 0
    for person in world.people.all:
        if person.passport:
            continue
        nik = person.nik
        assert len(nik) == 16
        assert nik.isdigit()
        assert nik[12] == "9"
        assert nik[:6] in districts or old[nik[:4]] + nik[4:6] in districts
        day = int(nik[6:8]) - (40 if person.sex == "P" else 0)
        century = 2000 if int(nik[10:12]) <= 12 else 1900
        in_nik = date(century + int(nik[10:12]), int(nik[8:10]), day)
        corrected += in_nik != person.born
    assert len({person.nik for person in world.people.all if person.nik}) == sum(
        person.passport is None for person in world.people.all
    )
    assert 0.008 < corrected / len(world.people.all) < 0.025


def test_old_prefixes_occur(world):
    """People first registered in a province that was divided later keep their NIK."""
    assert any(person.nik[:4] in set(old_codes().values()) for person in world.people.all)


def test_name_frequencies_are_heavy(world):
    """A few full names are shared by many, most by nobody else; one word is common."""
    names = Counter(person.name for person in world.people.all)
    assert names.most_common(1)[0][1] >= 8
    single = sum(count for name, count in names.items() if " " not in name)
    assert 0.1 < single / len(world.people.all) < 0.5
    plain = [(person.name, person.born) for person in world.people.all if person.passport is None]
    assert len(set(plain)) == len(plain)


def test_a_person_may_hold_two_cards(world):
    """About one in twelve (E11)."""
    cards = Counter()
    for number, _ in {(employment.person.number, employment.kpj) for employment in world.careers.all}:
        cards[number] += 1
    assert 0.05 < sum(count > 1 for count in cards.values()) / len(cards) < 0.11


def test_workplaces(world):
    """Karawang has most, Balikpapan a quarter, the silent offices the rest."""
    regions_of_work = Counter(employment.employer.region for employment in world.careers.all)
    total = sum(regions_of_work.values())
    assert regions_of_work["3215"] / total > 0.35
    assert regions_of_work["6471"] / total > 0.12
    assert regions_of_work["7371"] > 0


@pytest.mark.parametrize("known", ["013000666091000", "021832415000000", "741234561091000"])
def test_luhn_digit_of_known_tax_numbers(known):
    """The vectors of the domain reference."""
    assert luhn_digit(known[:8]) == known[8]


def test_tax_number_as_people_write_it():
    """Fifteen digits with points, and a check digit that is right."""
    number = npwp("300066", "091", 0)
    assert luhn_digit(number[:8]) == number[8]
    assert npwp_dotted("013000666091000") == "01.300.066.6-091.000"


def test_variants_are_other_writings():
    """Any name of two words can be written otherwise; women are not sons."""
    rng = stream(1, "variants")
    for name in ("MUHAMMAD RIZKI", "SITI AMINAH", "I WAYAN SUDIANA", "ROBERT SIREGAR", "SRI WAHYUNI"):
        written = {variant(name, "P", rng) for _ in range(40)}
        assert len(written) > 4
        assert name not in written
        assert not any(" BIN " in one for one in written)
