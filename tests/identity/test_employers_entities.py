"""The legal entity: head office and branch are of one company, and namesakes are not."""

from __future__ import annotations

from typing import Any

from jendela.store import tables
from tests.identity.employer_nights import night
from tests.identity.test_employers_mentions import BRANCH, HEAD, UNIQUE, rows, tonight


def entity(register: Any, record: str) -> str | None:
    """The legal entity of the employer of a record or mention."""
    employers = register.table(tables.employer)
    known = dict(employers.select("employer_id", "entity_id").iter_rows())
    found: str | None = known[register.employers()[record]]
    return found


def test_a_letter_of_the_head_office_and_an_employment_at_the_branch(register: Any) -> None:
    """Two establishments, related: one legal entity."""
    tonight(
        register,
        {"head": HEAD, "branch": BRANCH},
        letter={"employer_name": "PT MAJU JAYA TEKSTIL", "workplace_region": "3215"},
        spell={"npp": BRANCH["npp"]},
    )
    employers = register.employers()
    assert employers["letter"] != employers["spell"]
    assert entity(register, "letter") == entity(register, "spell")


def test_a_nib_or_a_tax_number_unites_by_themselves(register: Any) -> None:
    """Over a third establishment too, whatever their names."""
    chain = {
        "a": {
            "npp": "AA111111",
            "nib": "9120001234567",
            "employer_name": "SMA HARAPAN",
            "region_code": "3215",
        },
        "b": {"npp": "BB222222", "nib": "9120001234567", "npwp": HEAD["npwp"], "region_code": "3374"},
        "c": {
            "npp": "CC333333",
            "npwp": HEAD["npwp"],
            "employer_name": "KLINIK KASIH",
            "region_code": "3578",
        },
    }
    tonight(register, chain)
    assert len({entity(register, record) for record in "abc"}) == 1
    assert len(set(register.employers().values())) == 3


def test_a_name_unites_only_where_it_is_one_of_a_kind(register: Any) -> None:
    """The branch without numbers is that of the only firm of its rare name; Maju Jaya is anybody's; two firms
    with tax numbers of their own are two, however rare the name."""
    name = "PT WIRASTAGAMA KENCANAWUNGU"
    tonight(
        register,
        {
            "rare": {"npp": "AA111111", "npwp": HEAD["npwp"], "employer_name": name, "region_code": "3215"},
            "branch": {"npp": "BB222222", "employer_name": f"{name} CABANG SEMARANG", "region_code": "3374"},
            "cv": {"npp": "CC333333", "employer_name": "CV WIRASTAGAMA KENCANAWUNGU", "region_code": "3578"},
            "maju": {"npp": "DD444444", "employer_name": "PT MAJU JAYA", "region_code": "3215"},
            "maju-2": {"npp": "EE555555", "employer_name": "PT MAJU JAYA", "region_code": "3374"},
        },
    )
    assert entity(register, "rare") == entity(register, "branch")
    assert entity(register, "cv") != entity(register, "rare")
    assert entity(register, "maju") != entity(register, "maju-2")
    rival = {"npp": "FF666666", "npwp": "02.183.241.5-000.000", "employer_name": name, "region_code": "1271"}
    tonight(register, {"rival": rival})
    assert len({entity(register, record) for record in ("rare", "branch", "rival")}) == 3


def test_an_entity_keeps_its_identifier(register: Any) -> None:
    """Over nights, a merge and a split; the identifier of the one that merged leads to the one that stays."""
    tonight(register, {"head": HEAD, "branch": {**BRANCH, "nib": None, "npwp": None}})
    first = {record: entity(register, record) for record in ("head", "branch")}
    assert first["head"] != first["branch"]
    tonight(register, {"branch": BRANCH})
    kept = entity(register, "head")
    assert kept == entity(register, "branch")
    gone = register.table(tables.legal_entity).drop_nulls("merged_into")
    assert gone.select("entity_id", "merged_into").rows() == [(({*first.values()} - {kept}).pop(), kept)]
    tonight(register, {"branch": {**BRANCH, "nib": None, "npwp": None}})
    assert {record: entity(register, record) for record in ("head", "branch")} == first


def test_an_employer_that_only_mentions_know(register: Any) -> None:
    """A letter names a site that no register has, with the company's NIB: of the same legal entity, until the
    letter is gone."""
    letter = {
        "npp": "ZZ999999",
        "nib": HEAD["nib"],
        "employer_name": "PT MAJU JAYA TEKSTIL",
        "workplace_region": "3578",
    }
    tonight(register, {"head": HEAD, "other": UNIQUE}, letter=letter)
    assert register.employers()["letter"] not in (None, register.employers()["head"])
    assert entity(register, "letter") == entity(register, "head") != entity(register, "other")
    site = register.employers()["letter"]
    night(register, rows("region_code", {}), rows("workplace_region", {}), withdrawn=("letter",))
    known = dict(register.table(tables.employer).select("employer_id", "entity_id").iter_rows())
    assert known[site] is None
