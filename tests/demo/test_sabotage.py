"""Faults are applied, survive a passing day, and leave no trace once mended."""

from __future__ import annotations

import shutil

import pytest

from jendela.demo import sabotage
from jendela.demo.advance import advance
from jendela.model.errors import WrongUseError
from tests.demo.test_agencies import fingerprint

CASES = [(fault, agency) for fault, one in sabotage.FAULTS.items() for agency in sorted(one.agencies)]


def books(folder, agency):
    """What the agency shows to the world, byte by byte."""
    place = folder / agency
    return {
        str(file.relative_to(place)): file.read_bytes() for file in sorted(place.rglob("*")) if file.is_file()
    }


@pytest.mark.parametrize(("fault", "agency"), CASES)
def test_a_fault_shows_and_is_mended(own_demo, fault, agency):
    """The agency's files differ while the fault is in force, and are the same as before afterwards."""
    before = books(own_demo, agency)
    sabotage.apply(own_demo, agency, fault)
    assert books(own_demo, agency) != before
    assert sabotage.faults(own_demo) == {agency: fault}
    sabotage.mend(own_demo)
    assert books(own_demo, agency) == before
    assert sabotage.faults(own_demo) == {}


def test_a_day_passes_behind_a_fault(own_demo, demo, tmp_path):
    """After mending, the agency has everything that happened meanwhile."""
    plain = tmp_path / "plain"
    shutil.copytree(demo, plain)
    advance(plain)
    sabotage.apply(own_demo, "bpjs", "column_gone")
    sabotage.apply(own_demo, "dinas_3215", "office_vanishes")
    advance(own_demo)
    assert not (own_demo / "dinas_3215" / "keluar").exists()
    sabotage.mend(own_demo)
    mended, other = fingerprint(own_demo), fingerprint(plain)
    assert {name: mended[name] for name in other} == other


def test_a_fault_an_agency_cannot_have_is_refused(own_demo):
    """With the ones it can have."""
    with pytest.raises(WrongUseError, match="column_gone"):
        sabotage.apply(own_demo, "bpjs", "xml_bomb")
    sabotage.apply(own_demo, "bpjs", "empty_table")
    with pytest.raises(WrongUseError, match="mend it first"):
        sabotage.apply(own_demo, "bpjs", "column_gone")
