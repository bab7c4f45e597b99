"""The places that sealed columns are sealed for."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary

from jendela.store import sealed
from jendela.store.metadata import metadata

ROOT = Path(__file__).parents[2]
# As they stand in hubs: whoever changes one makes rows that nobody can open.
PLACES = {
    "ACK_WORDS": "delivery.ack_words",
    "DELIVERY": "delivery.sealed",
    "HELD_NAME": "held_row.sealed_name",
    "HELD_ROW": "held_row.sealed_row",
    "IDENTITY_RECORD": "identity_record.sealed",
    "LETTER_FINDING": "letter_finding.sealed",
    "LETTER_NAME": "letter_finding.sealed_name",
    "PERSON_VERSION": "person_version.sealed",
    "REVIEW_SAMPLE": "review_sample.sealed",
}
UNSEALED = {
    "leaf_secret.secret",  # random, of nobody
    "identity_run.begins",  # keyed hashes, as the next
    "identity_key.entries",
    "identity_forgotten.bits",  # one for each number
}


def test_the_places_are_those_that_rows_of_hubs_were_sealed_for():
    assert {
        name: value for name, value in vars(sealed).items() if isinstance(value, str) and name.isupper()
    } == PLACES


def test_every_binary_column_of_the_hub_has_its_place():
    binary = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert binary - UNSEALED == set(PLACES.values())


@pytest.mark.parametrize("folder", ["jendela", "connectors"])
def test_no_module_writes_such_a_place_out_itself(folder):
    history = ROOT / "jendela/store/migrations"  # a migration says what was, whatever is
    written = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        if not file.is_relative_to(history)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in PLACES.values()
    ]
    assert written == []
