"""The fit in the hub: kept by the night that counted, read back equal, made anew when it no longer holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import insert

from jendela.identity import fits
from jendela.identity.policy import load_policy
from jendela.identity.resolve import Fit, fitted, resolve
from jendela.model.receipt import Night
from jendela.store import tables
from tests.identity.conftest import FIRST, Register
from tests.identity.crowd import crowd, read

VERSIONS = {"model": "1", "standardisation": "1"}
NIGHT = Night(FIRST, 1, ("bpjs",))


@pytest.fixture(scope="module")
def fit() -> Fit:
    """What a small crowd is judged by."""
    return resolve(read(*crowd(150)), load_policy()).fit


def keep(register: Register, fit: Fit, night: Night = NIGHT) -> None:
    """Store the fit, as the night that made it does."""
    with register.hub.begin() as conn:
        fits.keep(register.hub, conn, night, fit, VERSIONS)


def current(register: Register, versions: dict[str, str] = VERSIONS, coming: int = 0) -> Fit | None:
    """The fit in force."""
    with register.hub.reading() as conn:
        return fits.current(register.hub, conn, load_policy(), versions, coming)


def enrol(register: Register, count: int) -> None:
    """So many records are known."""
    rows = [
        {"record_id": f"r{number}", "number": number + 1, "record": number + 1, "nik": None, "sealed": b""}
        for number in range(count)
    ]
    with register.hub.begin() as conn:
        conn.execute(insert(tables.identity_record), rows)


def test_what_is_kept_is_read_back_equal(any_register: Register, fit: Fit) -> None:
    """Model, rivals, matches and every count."""
    keep(any_register, fit)
    read_back = current(any_register)
    assert read_back is not None
    assert (read_back.model, read_back.rivals, read_back.matches) == (fit.model, fit.rivals, fit.matches)
    assert read_back.counted.population == fit.counted.population
    assert read_back.counted.tables.keys() == fit.counted.tables.keys()
    for kind, table in fit.counted.tables.items():
        other = read_back.counted.tables[kind]
        assert other.said == table.said
        assert np.array_equal(other.known, table.known)
        assert np.array_equal(other.counts, table.counts)


def test_a_fit_that_was_read_judges_the_same(any_register: Register, fit: Fit) -> None:
    """Weight by weight."""
    keep(any_register, fit)
    read_back = current(any_register)
    assert read_back is not None
    pairs = resolve(read(*crowd(40, seed=2)), load_policy()).pairs
    compared = pairs.drop("tier", "weight", "against", "zone")
    assert read_back.judged(compared).equals(fit.judged(compared))


def test_there_is_none_before_the_first_night(register: Register) -> None:
    """And the first night makes one."""
    assert current(register) is None


def test_another_policy_or_standardisation_is_judged_anew(register: Register, fit: Fit) -> None:
    """Its weights are not this one's."""
    keep(register, fit)
    assert current(register) is not None
    assert current(register, {**VERSIONS, "model": "2"}) is None
    assert current(register, {**VERSIONS, "standardisation": "2"}) is None


def test_at_twice_the_size_it_no_longer_holds(register: Register, fit: Fit) -> None:
    """Counted with what comes tonight."""
    keep(register, fit)
    population = fit.counted.population
    enrol(register, population)
    assert current(register, coming=population - 1) is not None
    assert current(register, coming=population) is None


def test_the_last_one_is_in_force(register: Register, fit: Fit) -> None:
    """A refit of a later night."""
    keep(register, fit)
    grown = fitted(load_policy(), resolve(read(*crowd(10)), load_policy()).pairs, fit.counted)
    keep(register, grown, Night(FIRST + timedelta(days=1), 2, ("bpjs",)))
    read_back = current(register)
    assert read_back is not None
    assert read_back.matches == grown.matches != fit.matches


def test_the_register_refits_when_it_has_doubled(register: Register) -> None:
    """Every record is judged again on that night, and none on the next."""
    people: list[dict[str, Any]] = [
        {"full_name": mention["full_name"], "birth_date": mention["birth_date"]} for mention in crowd(12)
    ]
    counts = []
    for night, said in enumerate((people[:4], people[4:7], people[7:9], [])):
        for number, fields in enumerate(said):
            register.say(f"n{night}-{number}", **fields)
        counts.append(register.night().counts["persons"]["records"])
    assert counts == [4, 3, 9, 0]
    assert register.table(tables.identity_fit)["population"].to_list() == [4, 9]
