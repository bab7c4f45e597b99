"""Employers: one establishment under the numbers and names that each side knows it by."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from jendela.identity.clusters import partition
from jendela.identity.employers import core_name, employer_edges, standard_employers
from jendela.store import tables

HEAD = {
    "npp": "AB123456",
    "nib": "9120001234567",
    "npwp": "01.300.066.6-091.000",
    "employer_name": "PT. MAJU JAYA TEKSTIL",
    "region_code": "3215",
}
WORKER = {"nik": "3215011203859001", "full_name": "BUDI SANTOSO", "birth_date": "1985-03-12"}


def groups(*employers: dict[str, str | None]) -> set[frozenset[int]]:
    """How these employer records are divided, by their places."""
    rows = [{"record_id": str(place), **employer} for place, employer in enumerate(employers)]
    standard = standard_employers(pl.DataFrame(rows, infer_schema_length=None))
    numbers = standard.drop_nulls("npp").select("record_id", number="npp")
    nobody = pl.DataFrame(schema=dict.fromkeys(("left_id", "right_id", "verdict"), pl.String))
    found: dict[str, set[int]] = {}
    for record, cluster in partition(
        standard["record_id"], employer_edges(standard), nobody, numbers
    ).iter_rows():
        found.setdefault(cluster, set()).add(int(record))
    return {frozenset(group) for group in found.values()}


@pytest.mark.parametrize(
    "written",
    [
        "PT Maju Jaya Tekstil",
        "P.T. MAJU JAYA TEKSTIL",
        "Maju Jaya Tekstil, PT.",
        "PT Maju Jaya Tekstil Tbk",
        "PT. Maju Jaya Tekstil Cabang Kabupaten Karawang",
    ],
)
def test_the_legal_form_and_the_branch_are_no_part_of_the_name(written: str) -> None:
    """Every agency writes them elsewhere."""
    assert pl.select(core_name(pl.lit(written))).item() == "MAJU JAYA TEKSTIL"


def test_the_npp_as_typed_in_wlkp() -> None:
    """Blanks and lower case do not make another employer."""
    assert groups(HEAD, {"npp": "ab 123456", "wlkp_code": "W1"}) == {frozenset({0, 1})}


def test_without_npp_the_tax_number_and_the_name_tell() -> None:
    """WLKP lacks the NPP; the sixteen-digit tax number is the same legal entity."""
    wlkp = {**HEAD, "npp": None, "wlkp_code": "W1", "npwp": "0013000666091000", "region_code": "3216"}
    assert groups(HEAD, wlkp) == {frozenset({0, 1})}


def test_a_branch_is_not_its_head_office() -> None:
    """Same name, tax number and NIB, but an NPP of its own; the head without NPP finds the head."""
    branch = {**HEAD, "npp": "CD654321"}
    wlkp_branch = {**branch, "wlkp_code": "W2"}
    wlkp_head = {**HEAD, "npp": None, "wlkp_code": "W1"}
    assert groups(HEAD, branch, wlkp_branch, wlkp_head) == {frozenset({0, 3}), frozenset({1, 2})}


def test_torn_between_two_it_stays_alone() -> None:
    """Two establishments without a registered code: no guess which of them the WLKP row is."""
    wlkp = {**HEAD, "npp": None, "wlkp_code": "W1"}
    assert groups(HEAD, {**HEAD, "npp": "CD654321"}, wlkp) == {frozenset({0}), frozenset({1}), frozenset({2})}


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
    register.say("spell", **WORKER, npp="AB123456")
    register.night()
    minted = register.employers()["spell"]
    register.say("bpjs-employer", "employer", **HEAD)
    register.night()
    assert register.employers() == {"spell": minted, "bpjs-employer": minted}


def test_a_merge_of_employers_moves_their_mentions(register: Any) -> None:
    """WLKP corrects the NPP of a code: its workers follow, and are compared as colleagues from then on."""
    register.say("bpjs-employer", "employer", **HEAD)
    register.say("wlkp-employer", "employer", wlkp_code="W1", employer_name="CV LAIN", region_code="3216")
    register.say("spell", full_name="AGUS", birth_date="1985-03-12", npp="AB123456", start_date="2020-01-01")
    register.say(
        "wlkp-row", full_name="AGUS", birth_date="1985-03-12", wlkp_code="W1", start_date="2020-01-01"
    )
    register.night()
    assert len(set(register.employers().values())) == 2
    assert len(set(register.persons().values())) == 2
    register.say("wlkp-employer", "employer", wlkp_code="W1", npp="AB123456", employer_name="CV LAIN")
    counts = register.night().counts
    assert len(set(register.employers().values())) == 1
    assert register.table(tables.employer)["merged_into"].null_count() == 1
    assert counts["employers"]["mentions_moved"] == 1
    assert len(set(register.persons().values())) == 1
