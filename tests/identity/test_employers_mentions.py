"""Whom employments, letters and claims mean: by number, by name and place, or nobody that can be told."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from jendela.identity.employers import key_table
from jendela.store import tables
from tests.identity.employer_nights import night

HEAD = {
    "npp": "AB123456",
    "nib": "9120001234567",
    "npwp": "01.300.066.6-091.000",
    "employer_name": "PT. MAJU JAYA TEKSTIL",
    "region_code": "3215",
}
BRANCH = {**HEAD, "npp": "CD654321", "wlkp_code": "W2", "region_code": "3374"}
UNIQUE = {"npp": "EF111111", "employer_name": "PT ARSITEKINDO KENCANA", "region_code": "3215"}
WORKER = {"nik": "3215011203859001", "full_name": "BUDI SANTOSO", "birth_date": "1985-03-12"}
FIELDS = ("npp", "npp_division", "wlkp_code", "nib", "npwp", "employer_name", "legal_form", "address",
          "enterprise_size")  # fmt: skip


def rows(region: str, said: dict[str, dict[str, str]]) -> pl.DataFrame:
    """Rows by record id; `region` is what the field of the place is called."""
    schema = {"record_id": pl.String, **dict.fromkeys((*FIELDS, region), pl.String)}
    return pl.DataFrame([{"record_id": name, **fields} for name, fields in said.items()], schema=schema)


def tonight(
    register: Any, employers: dict[str, Any] | None = None, **mentions: dict[str, str]
) -> dict[str, int]:
    """A night in which this is said of employers, and of their employers by these mentions."""
    return night(register, rows("region_code", employers or {}), rows("workplace_region", mentions))


def means(register: Any, mention: str, record: str) -> bool:
    """Whether a mention means the employer of a record."""
    employers = register.employers()
    return employers[mention] is not None and employers[mention] == employers[record]


def test_a_spell_and_a_wlkp_row_mean_one_employer(register: Any) -> None:
    """By NPP on one side and by WLKP code on the other; a letter by name and regency alone."""
    register.say("bpjs-employer", "employer", **HEAD)
    register.say("wlkp-employer", "employer", **{**HEAD, "wlkp_code": "W1"})
    register.say("spell", **WORKER, npp="AB123456")
    register.say("wlkp-row", **WORKER, wlkp_code="W1")
    letter = {"employer_name": "MAJU JAYA TEKSTIL PT", "workplace_region": "3215"}
    register.say("letter", "termination_letter", **WORKER, **letter)
    register.say("nobody", "pes_registration", **WORKER)
    counts = register.night().counts["employers"]
    assert len(set(register.employers().values())) == 1
    assert "nobody" not in register.employers()
    assert (counts["employer_records"], counts["employers"]) == (2, 1)


def test_an_unknown_number_waits_for_its_employer(register: Any) -> None:
    """The spell comes first and mints an employer by its NPP; the employer's record takes it over."""
    tonight(register, spell={"npp": "AB123456"})
    minted = register.employers()["spell"]
    tonight(register, {"bpjs-employer": HEAD})
    assert register.employers() == {"spell": minted, "bpjs-employer": minted}


def test_a_merge_of_employers_moves_their_mentions(register: Any) -> None:
    """WLKP corrects the NPP of a code: its workers follow."""
    other = {"wlkp_code": "W1", "employer_name": "CV LAIN", "region_code": "3216"}
    spells = {"spell": {"npp": "AB123456"}, "wlkp_row": {"wlkp_code": "W1"}}
    tonight(register, {"bpjs-employer": HEAD, "wlkp-employer": other}, **spells)
    assert len(set(register.employers().values())) == 2
    counts = tonight(register, {"wlkp-employer": {**other, "npp": "AB123456"}})
    assert len(set(register.employers().values())) == 1
    assert register.table(tables.employer)["merged_into"].null_count() == 1
    assert (counts["employers_merged"], counts["mentions_moved"]) == (1, 1)


def test_a_letter_finds_the_branch_by_its_place(register: Any) -> None:
    """Head office and branch of one name: the regency tells; without one, nobody is meant."""
    letter = {"employer_name": "PT MAJU JAYA TEKSTIL"}
    counts = tonight(
        register,
        {"head": HEAD, "branch": BRANCH},
        here={**letter, "workplace_region": "3215"},
        there={**letter, "workplace_region": "3374"},
        nowhere=letter,
    )
    assert means(register, "here", "head")
    assert means(register, "there", "branch")
    assert register.employers()["nowhere"] is None
    assert counts["mentions_unclear"] + counts["mentions_unknown"] == 1


def test_a_common_name_is_not_guessed(register: Any) -> None:
    """One Maju Jaya is known in the regency: that the letter means this one is not said."""
    tonight(
        register,
        {"maju": {"npp": "AB123456", "employer_name": "CV MAJU JAYA", "region_code": "3215"}, "own": UNIQUE},
        common={"employer_name": "CV MAJU JAYA", "workplace_region": "3215"},
        rare={"employer_name": "ARSITEKINDO KENCANA, PT", "workplace_region": "3215"},
        elsewhere={"employer_name": "PT ARSITEKINDO KENCANA", "workplace_region": "3374"},
    )
    assert register.employers()["common"] is None
    assert means(register, "rare", "own")
    # In another regency it is somebody, but not this establishment.
    assert register.employers()["elsewhere"] not in (None, register.employers()["own"])


def test_two_of_one_name_leave_a_letter_unlinked(register: Any) -> None:
    """Until one of them is gone; then it is clear, and unclear again when a third comes."""
    twin = {**UNIQUE, "npp": "GH222222"}
    letter = {"employer_name": "PT ARSITEKINDO KENCANA", "workplace_region": "3215"}
    assert tonight(register, {"one": UNIQUE, "two": twin}, letter=letter)["mentions_unclear"] == 1
    assert register.employers()["letter"] is None
    nobody = rows("region_code", {}), rows("workplace_region", {})
    assert night(register, *nobody, withdrawn=("two",))["mentions_moved"] == 1
    assert means(register, "letter", "one")
    tonight(register, {"three": {**twin, "npp": "IJ333333"}})
    assert register.employers()["letter"] is None


def test_number_and_name_that_speak_of_two(register: Any) -> None:
    """A valid NPP of another firm in a letter that names this one: neither is believed. A trade name that
    nobody else has does not object."""
    counts = tonight(
        register,
        {"own": UNIQUE, "other": HEAD},
        letter={"npp": HEAD["npp"], "employer_name": "PT ARSITEKINDO KENCANA", "workplace_region": "3215"},
        trade={"npp": HEAD["npp"], "employer_name": "GERAI BATIK INDAH", "workplace_region": "3215"},
    )
    assert register.employers()["letter"] is None
    assert means(register, "trade", "other")
    assert counts["mentions_conflict"] == 1


def test_a_mistyped_npp_and_the_right_name(register: Any) -> None:
    """Nobody has the NPP of the letter, and but for a digit it is that of the firm it names."""
    said = {"employer_name": "PT ARSITEKINDO KENCANA", "workplace_region": "3215"}
    tonight(register, {"own": UNIQUE}, slip={**said, "npp": "EF111112"}, other={**said, "npp": "ZZ999999"})
    assert means(register, "slip", "own")
    assert not means(register, "other", "own")


def test_an_npp_of_several_establishments(register: Any) -> None:
    """One NPP for three plants: code, division and place say which; the name of a plant too; nothing: not
    told."""
    plants = {
        "bpjs": HEAD,
        "bpjs-1": {**HEAD, "npp_division": "001", "region_code": "3374"},
        "wlkp-2": {**HEAD, "wlkp_code": "W2", "region_code": "3578"},
        "wlkp-3": {**HEAD, "wlkp_code": "W3", "employer_name": "PT MAJU JAYA TEKSTIL PLANT 3"},
    }
    npp = {"npp": "AB123456"}
    tonight(
        register,
        plants,
        by_division={**npp, "npp_division": "001"},
        by_code={**npp, "wlkp_code": "W2"},
        by_place={**npp, "workplace_region": "3374"},
        by_name={**npp, "employer_name": "PT MAJU JAYA TEKSTIL PLANT 3", "workplace_region": "3215"},
        at_head=npp,
        nowhere={**npp, "workplace_region": "1271"},
    )
    found = {"by_division": "bpjs-1", "by_code": "wlkp-2", "by_place": "bpjs-1", "by_name": "wlkp-3"}
    assert all(means(register, mention, record) for mention, record in {**found, "at_head": "bpjs"}.items())
    assert register.employers()["nowhere"] is None


def test_the_legal_entity_in_one_place(register: Any) -> None:
    """NIB or tax number and the regency, whatever the name is; the entity alone is not an establishment."""
    tonight(
        register,
        {"head": HEAD, "branch": BRANCH},
        here={"nib": HEAD["nib"], "employer_name": "MAJU JAYA TEX.", "workplace_region": "3215"},
        entity_only={"nib": HEAD["nib"]},
    )
    assert means(register, "here", "head")
    assert register.employers()["entity_only"] is None


def test_a_nik_in_the_place_of_a_tax_number_is_kept_nowhere(register: Any) -> None:
    """It names a person."""
    tonight(register, {"own": UNIQUE}, letter={"npp": "EF111111", "npwp": "3215011203859001"})
    for table in (tables.employer_reference, tables.employer_key):
        assert "3215011203859001" not in register.table(table).write_json()


def test_each_wording_is_kept_once_and_forgotten_with_its_last_mention(register: Any) -> None:
    """Two workers' rows in the same words are one reference."""
    said = {"npp": "EF111111", "workplace_region": "3215"}
    tonight(register, {"own": UNIQUE}, a=said, b=said)
    assert register.table(tables.employer_reference).height == 1
    nobody = rows("region_code", {}), rows("workplace_region", {})
    night(register, *nobody, withdrawn=("a",))
    assert register.table(tables.employer_reference).height == 1
    night(register, *nobody, withdrawn=("b",))
    assert register.table(tables.employer_reference).is_empty()
    assert set(register.employers()) == {"own"}


def test_other_rules_judge_all_employers_again(register: Any, monkeypatch: Any) -> None:
    """A changed word list, or the first night after a migration: the same employers keep their names."""
    tonight(register, {"own": UNIQUE, "head": HEAD}, spell={"npp": "EF111111"})
    before = register.employers()
    monkeypatch.setattr(key_table, "rules", lambda: "others")
    counts = tonight(register)
    assert counts["employer_records"] == 2
    assert counts["mentions_moved"] == 0
    assert register.employers() == before
    assert tonight(register)["employer_records"] == 0


@pytest.mark.servers
def test_the_same_nights_on_postgresql(register: Any, postgresql_register: Any) -> None:
    """Employers, entities, references and keys are equal on both databases."""
    for each in (register, postgresql_register):
        tonight(each, {"head": HEAD, "branch": BRANCH}, spell={"npp": "AB123456"}, letter={"npp": "XX000001"})
        tonight(each, {"own": UNIQUE, "head": {**HEAD, "npp": "XX000001"}}, more={"npp": "EF111111"})
    kept = (tables.employer, tables.legal_entity, tables.employer_node, tables.employer_reference,
            tables.employer_key)  # fmt: skip
    for table in kept:
        one, other = (each.table(table) for each in (register, postgresql_register))
        assert one.sort(one.columns).equals(other.sort(other.columns)), table.name
