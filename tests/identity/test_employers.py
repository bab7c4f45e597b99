"""Employer records: when two are one establishment, and when they are not."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from jendela.identity.employers import employer_keys, standard_employers
from jendela.identity.employers.keys import tally
from jendela.identity.employers.links import employer_links
from jendela.identity.employers.partition import partition

HEAD = {
    "npp": "AB123456",
    "nib": "9120001234567",
    "npwp": "01.300.066.6-091.000",
    "employer_name": "PT. MAJU JAYA TEKSTIL",
    "region_code": "3215",
}
# The same establishment as WLKP has it, without what it does not share with the head office by itself.
WLKP = {**HEAD, "npp": None, "wlkp_code": "W1", "npwp": "0013000666091000"}
UNIQUE = {"employer_name": "PT ARSITEKINDO KENCANA", "region_code": "3215"}
OTHER_NPWP = "02.183.241.5-000.000"


def groups(*employers: dict[str, str | None]) -> set[frozenset[int]]:
    """How these employer records are divided, by their places."""
    rows = [{"record_id": f"{place:02d}", **employer} for place, employer in enumerate(employers)]
    standard = standard_employers(pl.DataFrame(rows, infer_schema_length=None))
    links = employer_links(standard, tally(employer_keys(standard)))
    nobody = pl.DataFrame(schema=dict.fromkeys(("left_id", "right_id", "verdict"), pl.String))
    found: dict[str, set[int]] = {}
    for record, cluster in partition(standard["record_id"], links.edges, nobody, links.numbers).iter_rows():
        found.setdefault(cluster, set()).add(int(record))
    return {frozenset(group) for group in found.values()}


def one(*employers: dict[str, str | None]) -> bool:
    """Whether all of these are one establishment."""
    return len(groups(*employers)) == 1


def test_the_npp_as_typed_in_wlkp() -> None:
    """Blanks and lower case do not make another employer."""
    assert one(HEAD, {"npp": "ab 123456", "wlkp_code": "W1"})


def test_without_npp_the_tax_number_and_the_name_tell() -> None:
    """WLKP lacks the NPP; each register has one row of the legal entity, so its area may be mistaken."""
    assert one(HEAD, WLKP)
    assert one(HEAD, {**WLKP, "region_code": "3374"})
    assert one(HEAD, {**WLKP, "npwp": None})
    assert not one(HEAD, {**WLKP, "region_code": "3374", "employer_name": "PT SINAR SURYA TEKSTIL"})


def test_a_branch_is_not_its_head_office() -> None:
    """Same name, tax number and NIB, but an NPP of its own; the head without NPP finds the head."""
    branch = {**HEAD, "npp": "CD654321", "region_code": "3374"}
    assert groups(HEAD, branch, {**branch, "wlkp_code": "W2"}, WLKP) == {frozenset({0, 3}), frozenset({1, 2})}


def test_torn_between_two_it_stays_alone() -> None:
    """Two establishments in one area without a registered code: no guess which of them the WLKP row is."""
    assert groups(HEAD, {**HEAD, "npp": "CD654321"}, WLKP) == {frozenset({0}), frozenset({1}), frozenset({2})}


@pytest.mark.parametrize(
    "told", [{"address": "JL. MERDEKA KAV. 7"}, {"employer_name": "PT MAJU JAYA TEKSTIL PLANT 2"}]
)
def test_an_address_or_a_plant_number_tells_two_apart(told: dict[str, str]) -> None:
    """Of two plants in one area the WLKP row is the one in the same street, or of the same number."""
    plant = {**HEAD, "npp": "CD654321", **told}
    head = {**HEAD, "address": "JL. PEMUDA NO. 88"} if "address" in told else HEAD
    assert groups(head, plant, {**WLKP, **told}) == {frozenset({0}), frozenset({1, 2})}


def test_branches_of_two_suffixes_are_two() -> None:
    """The tax office numbers them 001 and 002; 000 says only that it is the head's number."""
    one_branch = {**HEAD, "npwp": "01.300.066.6-091.001"}
    assert not one(one_branch, {**WLKP, "npwp": "01.300.066.6-091.002"})
    assert one(one_branch, WLKP)
    assert one(one_branch, {**WLKP, "npwp": "0013000666091000000012"})


def test_numbers_that_contradict_part_equal_names() -> None:
    """Two companies of one name in one town: two tax numbers, two NIBs, or two WLKP codes."""
    assert one(UNIQUE | {"npp": "AB123456"}, UNIQUE | {"wlkp_code": "W1"})
    assert not one(UNIQUE | {"npwp": HEAD["npwp"]}, UNIQUE | {"wlkp_code": "W1", "npwp": OTHER_NPWP})
    assert not one(UNIQUE | {"nib": "9120001234567"}, UNIQUE | {"wlkp_code": "W1", "nib": "9120001234568"})
    assert not one(UNIQUE | {"wlkp_code": "W1"}, UNIQUE | {"wlkp_code": "W2"})


def test_an_invalid_number_is_no_evidence() -> None:
    """Neither for nor against: a wrong check digit, a filler, a resident's NIK in the tax number's place."""
    for filler in ("01.300.066.5-091.000", "00.000.000.0-000.000", "3215011203859001"):
        assert one(
            UNIQUE | {"npp": "AB123456", "npwp": HEAD["npwp"]}, UNIQUE | {"wlkp_code": "W1", "npwp": filler}
        )
    fillers = {"nib": "0000000000000", "npwp": "00.000.000.0-000.000"}
    assert not one({**HEAD, **fillers}, {**WLKP, **fillers, "employer_name": "CV LAIN SAMA SEKALI"})


def test_a_name_that_many_bear_links_nobody() -> None:
    """Maju Jaya in one town may be two firms; a name with a word of its own may not."""
    for name in ("CV MAJU JAYA", "UD SUMBER REJEKI", "PT SINAR ABADI"):
        common = {"employer_name": name, "region_code": "3215"}
        assert not one(common | {"npp": "AB123456"}, common | {"wlkp_code": "W1"})
    assert one(UNIQUE | {"npp": "AB123456"}, UNIQUE | {"wlkp_code": "W1"})


def test_a_name_alone_never_links_across_regencies() -> None:
    """Kabupaten and kota of one name are one area; a regency of before 2022 is today's."""
    here, there = UNIQUE | {"npp": "AB123456"}, UNIQUE | {"wlkp_code": "W1"}
    assert not one(here, there | {"region_code": "3374"})
    assert one(here | {"region_code": "3216"}, there | {"region_code": "3275"})
    assert one(here | {"region_code": "9101"}, there | {"region_code": "9301"})


def test_the_form_parts_where_no_number_unites() -> None:
    """PT and CV of one name are two firms; of one tax number, one that became a PT."""
    here = UNIQUE | {"npp": "AB123456"}
    as_cv = UNIQUE | {"wlkp_code": "W1", "employer_name": "CV ARSITEKINDO KENCANA"}
    assert not one(here, as_cv)
    assert one(here | {"npwp": HEAD["npwp"]}, as_cv | {"npwp": HEAD["npwp"]})
    assert not one(
        here, UNIQUE | {"wlkp_code": "W1", "employer_name": "ARSITEKINDO KENCANA", "legal_form": "CV"}
    )
    assert one(
        here, UNIQUE | {"wlkp_code": "W1", "employer_name": "ARSITEKINDO KENCANA", "legal_form": "BUMN"}
    )


@pytest.mark.parametrize(
    "written",
    [
        "ARSITEKINDO KENCANA, PT",
        "PT ARSITEKINDO KEN CANA",
        "PT KENCANA ARSITEKINDO",
        "PT. ARSITEKINDO KENCNA",
    ],
)
def test_variants_of_a_rare_name(written: str) -> None:
    """Form behind, joined words, order, a letter lost."""
    assert one(UNIQUE | {"npp": "AB123456"}, UNIQUE | {"wlkp_code": "W1", "employer_name": written})


def test_a_former_name_is_the_employers_too() -> None:
    """One register has the old name, the other the new one with the old behind d/h."""
    new = UNIQUE | {"wlkp_code": "W1", "employer_name": "PT BARUNA GEMINTANG (d/h PT ARSITEKINDO KENCANA)"}
    assert one(UNIQUE | {"npp": "AB123456"}, new)


def test_one_npp_for_all_branches() -> None:
    """A company that pays for its branches under one NPP: each code in a place of its own is an
    establishment, and the row of BPJS is the head office."""
    branches = [{**HEAD, "wlkp_code": f"W{region}", "region_code": region} for region in ("3374", "3578")]
    assert groups(HEAD, *branches) == {frozenset({0}), frozenset({1}), frozenset({2})}
    assert one(HEAD, branches[0])


def test_divisions_are_establishments_where_they_lie_apart() -> None:
    """Payroll groups of one plant are one employer; divisions in two regencies, or two streets, are two."""
    office = HEAD | {"npp_division": "000", "address": "JL. MERDEKA 7"}
    assert one(office, office | {"npp_division": "001", "address": "JL MERDEKA NO. 7"})
    assert not one(office, office | {"npp_division": "001", "region_code": "3374"})
    assert not one(office, office | {"npp_division": "001", "address": "KAWASAN INDUSTRI SURYACIPTA"})
    assert not one(office, office | {"npp_division": "001", "employer_name": "PT MAJU JAYA TEKSTIL PLANT 2"})


def test_a_mistyped_npp_is_forgiven_within_the_legal_entity() -> None:
    """Nobody has the number that WLKP says, but for a digit it is that of the same company's row."""
    assert one(HEAD, WLKP | {"npp": "AB123457"})
    assert not one(HEAD, WLKP | {"npp": "XY987654"})


def test_somebody_elses_npp_does_not_unite() -> None:
    """WLKP typed an NPP whose owner has another tax number and another name: it is by mistake."""
    stranger = {"npp": "AB123456", "wlkp_code": "W9", "npwp": OTHER_NPWP, "employer_name": "CV BERKAH RITEL"}
    assert not one(HEAD, stranger)
    assert one(HEAD, stranger | {"employer_name": "PT MAJU JAYA TEKSTIL"})


def test_a_number_that_many_names_bear_is_nobodys() -> None:
    """The tax consultant's number under six names: it neither unites nor parts anybody."""
    names = ("ANGGREK", "BAROMETER", "CENDANA", "DELIMA", "EDELWEIS", "FLAMBOYAN")
    crowd = [{"npwp": HEAD["npwp"], "employer_name": f"PT {name}", "region_code": "3215"} for name in names]
    assert len(groups(*crowd)) == len(names)
    mine = UNIQUE | {"npp": "AB123456", "npwp": OTHER_NPWP}
    assert one(*groups_of_first(mine, UNIQUE | {"wlkp_code": "W1", "npwp": HEAD["npwp"]}, crowd))


def groups_of_first(
    left: dict[str, str | None], right: dict[str, str | None], crowd: list[Any]
) -> list[dict[str, str | None]]:
    """The pair alone if, within the crowd, they are one; else two strangers."""
    together = frozenset({0, 1}) in groups(left, right, *crowd)
    return [left, left] if together else [left, {"npp": "ZZ999999"}]
