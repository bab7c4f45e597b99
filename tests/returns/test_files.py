"""Letters that come as files: the whole letter is judged, and judged again from what landed."""

from __future__ import annotations

from pathlib import Path

import pytest

from jendela.rejudge.run import judge_again
from jendela.store import tables

EXAMPLE = (Path(__file__).parents[2] / "docs" / "examples" / "surat_phk.xml").read_bytes()
NAME = "surat_20261003_00001.xml"


@pytest.fixture
def balikpapan(world):
    """The office that gets its letters as XML files; the others are quiet."""
    world.agencies["bpjs"].feeds = {}
    world.agencies["dinas_3215"].feeds = {}
    return world.agencies["dinas_6471"]


def test_a_sound_file_goes_on_and_nothing_comes_back(world, balikpapan):
    """The agreed example."""
    balikpapan.files[NAME] = EXAMPLE
    world.run()
    assert balikpapan.returns() == []
    with world.hub() as hub:
        assert judge_again(hub, "dinas_6471.berkas_phk").states["unchanged"] > 0


def test_an_amount_below_the_minimum_is_returned_with_the_minimum(world, balikpapan):
    """L-06 needs the whole letter, which a list at a counter has not; the text names the file and place."""
    balikpapan.files[NAME] = low(EXAMPLE)
    world.run()
    rows = balikpapan.returns()
    assert {row["status"] for row in rows} == {"PERBAIKI"}
    assert "L-06" in rows[0]["aturan"]
    assert f"(berkas {NAME}, pekerja urutan 1)" in rows[0]["uraian"]
    assert "PP 35/2021 Pasal 40" in rows[0]["dasar_hukum"]
    with world.hub() as hub:
        outcome = judge_again(hub, "dinas_6471.berkas_phk")
    assert not outcome.changes
    assert "L-06" in {line["rule"] for line in outcome.by_rule()}


def test_a_file_that_cannot_be_read_is_mended_by_one_of_the_same_name(world, balikpapan):
    """Nothing else is known of it."""
    balikpapan.files[NAME] = EXAMPLE[: len(EXAMPLE) // 2]
    world.run()
    (row,) = balikpapan.returns()
    assert (row["status"], row["berkas"], row["no_surat"]) == ("DITAHAN", NAME, None)
    balikpapan.files[NAME] = EXAMPLE
    world.run()
    assert [entry["verb"] for entry in balikpapan.returns()] == ["upsert", "retract"]
    assert world.table(tables.held_row)["mended_by"].null_count() == 0


def test_a_letter_whose_landing_is_gone_keeps_what_was_said_of_it(world, balikpapan):
    """After ninety days the files are no longer kept: what was found by the whole letter is not forgotten."""
    balikpapan.files[NAME] = low(EXAMPLE)
    world.run()
    for path in (world.folder / "state" / "landing").rglob("*berkas_phk*"):
        path.unlink()
    with world.hub() as hub:
        outcome = judge_again(hub, "dinas_6471.berkas_phk")
    assert outcome.states["mended"] == 0


def low(content):
    """The letter with a severance pay of fifteen million rupiah, and totals that still add up."""
    return content.replace(b">45000000<", b">15000000<").replace(b">71200000<", b">41200000<")
