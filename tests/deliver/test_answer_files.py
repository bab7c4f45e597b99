"""Answers in files: to what nobody delivered, to another's delivery, twice, broken. None stops the others."""

from __future__ import annotations

import pytest

from connectors.files import FilesConnector
from jendela.model.ports import Outgoing
from jendela.store import tables
from tests.deliver.nights import pass_a_night, states, told

HEADER = "delivery_id;ack_status;ack_at;ack_reason\n"


@pytest.fixture
def folder(siti, letter, tmp_path):
    """Karawang's inbox folder with Siti's registration delivered to two desks on the first night."""
    made = tmp_path / "masuk"
    made.mkdir()
    siti.hub.connector = lambda transport, office, url: FilesConnector(office, made.as_uri())
    siti.deliver("dinas_3215")
    pass_a_night(siti)
    (row,) = [row for row in siti.rows(tables.delivery) if row["recipient"] == "dinas.3215.hi"]
    return siti, made, row["delivery_id"]


REGISTRATIONS = "dinas.3215.hi.registrations"
ACK = "kepesertaan_hi_2026-09-01_dinas.3215.hi.ack.csv"


def test_an_answer_to_what_nobody_delivered_is_told_and_changes_nothing(folder):
    """Counted in the receipt, said to a person without the id; each night as long as the line is there."""
    story, made, one = folder
    (made / ACK).write_text(f"{HEADER}{'f' * 64};DITERIMA;;\n{one[:40]};DITOLAK;;K01\n", encoding="utf-8")
    receipt = story.deliver("dinas_3215")
    assert receipt.counts[REGISTRATIONS]["unknown"] == 2
    assert "2 answers name no delivery of this hub" in told(receipt, REGISTRATIONS)
    assert one[:40] not in receipt.to_json()
    assert states(story)[one][0] == "pending"


def test_an_answer_to_another_offices_delivery_is_told_and_changes_nothing(folder):
    """Karawang answers what was delivered to the inspection, and that to Kemnaker."""
    story, made, one = folder
    others = [row["delivery_id"] for row in story.rows(tables.delivery) if row["delivery_id"] != one]
    assert others
    lines = "".join(f"{other};DITOLAK;;K01\n" for other in others)
    (made / ACK).write_text(f"{HEADER}{lines}{one};DITERIMA;;\n", encoding="utf-8")
    receipt = story.deliver("dinas_3215")
    assert receipt.counts[REGISTRATIONS]["elsewhere"] == len(others)
    assert receipt.counts[REGISTRATIONS]["acknowledged"] == 1
    assert {states(story)[other][0] for other in others} == {"pending"}


def test_an_id_in_capitals_or_filled_up_is_the_delivery_all_the_same(folder):
    """As an office's own database may write it."""
    story, made, one = folder
    (made / ACK).write_text(f"{HEADER} {one.upper()}   ;DITERIMA;;\n", encoding="utf-8")
    assert story.deliver("dinas_3215").counts[REGISTRATIONS]["acknowledged"] == 1


@pytest.mark.parametrize("second", ["DITOLAK", "DITERIMA"])
def test_two_files_that_contradict_each_other(folder, second):
    """The later counts, and it is told once; the files may stay where they are."""
    story, made, one = folder
    first = {"DITOLAK": "DITERIMA", "DITERIMA": "DITOLAK"}[second]
    (made / ACK).write_text(f"{HEADER}{one};{first};;K01\n", encoding="utf-8")
    later = made / ACK.replace("hi.ack", "hi_koreksi.ack")
    later.write_text(f"{HEADER}{one};{second};;\n", encoding="utf-8")
    receipt = story.deliver("dinas_3215")
    assert "1 deliveries are answered DITERIMA and DITOLAK" in told(receipt, REGISTRATIONS)
    expected = {"DITOLAK": "refused", "DITERIMA": "acknowledged"}[second]
    assert states(story)[one][0] == expected
    pass_a_night(story)
    assert told(story.deliver("dinas_3215"), REGISTRATIONS) == ""
    assert states(story)[one][0] == expected


def test_a_blank_line_behind_an_acceptance_takes_nothing_back(folder):
    """An office writes all its ids into every file, and blanks where it has nothing new to say."""
    story, made, one = folder
    (made / ACK).write_text(f"{HEADER}{one};DITERIMA;;\n{one};  ;;\n", encoding="utf-8")
    receipt = story.deliver("dinas_3215")
    assert receipt.counts[REGISTRATIONS]["acknowledged"] == 1
    assert told(receipt, REGISTRATIONS) == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADER.replace(";", ",").encode() + b"x,DITERIMA,,\n", "the delimiter agreed is ;"),
        ((HEADER + "x;DITERIMA;;\n").encode("utf-16"), "the encoding agreed is utf-8"),
        (b"id;status\nx;DITERIMA\n", "Agreed but not there"),
        ((HEADER + "x;DITER").encode(), "is cut"),
        (b"", "is empty"),
    ],
)
def test_one_broken_file_of_answers_stops_neither_answers_nor_deliveries(folder, content, said):
    """It is told by its name; the other file counts, and what is due is delivered."""
    story, made, one = folder
    (made / ACK).write_bytes(content)
    (made / ACK.replace("09-01", "09-02")).write_text(f"{HEADER}{one};DITERIMA;;\n", encoding="utf-8")
    receipt = story.deliver("dinas_3215")
    assert said in told(receipt, REGISTRATIONS)
    assert ACK in told(receipt, REGISTRATIONS)
    assert receipt.counts[REGISTRATIONS]["acknowledged"] == 1
    assert (made / "kepesertaan_hi_2026-09-02_dinas.3215.hi.announce.csv").exists()


def test_a_line_of_answers_that_cannot_be_told_apart_is_told(folder):
    """A semicolon in a reason: the line is not dropped unseen, and no value of it is shown."""
    story, made, one = folder
    (made / ACK).write_text(f"{HEADER}{one};DITOLAK;;Siti; pindah\n", encoding="utf-8")
    receipt = story.deliver("dinas_3215")
    assert "has 1 lines with more or fewer fields" in told(receipt, REGISTRATIONS)
    assert "Siti" not in receipt.to_json()
    assert states(story)[one][0] == "pending"


def test_answers_of_a_target_that_begins_alike_are_not_taken_for_strays(folder):
    """`kepesertaan` would find the files of `kepesertaan_hi`."""
    story, made, one = folder
    (made / ACK).write_text(f"{HEADER}{one};DITERIMA;;\n", encoding="utf-8")
    spec = story.hub.agreements.offices["dinas_3215"].deliveries[REGISTRATIONS]
    assert spec.target == "kepesertaan_hi"
    connector = FilesConnector("dinas_3215", made.as_uri())
    shorter = Outgoing("dinas_3215", "x", "kepesertaan", (), dict(spec.options), "dinas.3215.hi")
    assert connector.acknowledgements(shorter, [one]).num_rows == 0
