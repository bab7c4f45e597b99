"""The step `measures`: a batch that looks wrong is halted, says why, and is not what is normal tomorrow."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import select, update

from jendela.evidence.commit import commit
from jendela.model.receipt import Receipt
from jendela.store.tables import batch
from jendela.validate import measures, rows
from jendela.validate.batch_measures import compare, measure, ratios, usual_values
from tests.validate.conftest import FEED
from tests.validate.stories import CODES, CONTRACTS, NIGHT
from tests.validate.stories import rows as story

BROKEN = {"full_name": None}


def many(sound: int, broken: int = 0, **difference) -> pl.DataFrame:
    """That many sound and broken spells."""
    one = story("employment", difference, {**difference, **BROKEN})
    frame = pl.concat([one[:1]] * sound + [one[1:]] * broken) if sound + broken else one.clear()
    return frame.with_columns(pl.format("r{}", pl.int_range(pl.len())).alias("_record_id"))


def brought(intake, number: int, frame: pl.DataFrame, **how) -> tuple[dict[str, int], str, str | None]:
    """The feed's counts, its batch's state and the reason, after both steps of that night."""
    night = intake.night(number)
    intake.brings(night, employment=frame, **how)
    rows.run(intake.hub, night, "bpjs")
    receipt = measures.run(intake.hub, night)
    with intake.hub.reading() as conn:
        query = select(batch.c.state, batch.c.halt_reason).where(batch.c.seq == night.seq)
        state, reason = conn.execute(query).one()
    return receipt.counts[FEED], state, reason


def test_a_first_night_is_judged_by_absolute_limits_alone(intake):
    """No history, and the receipt says so; ten held of a hundred are believed."""
    counts, state, reason = brought(intake, 0, many(90, 10))
    assert (counts, state, reason) == (
        {"rows": 100, "halted": 0, "history": 0, "breaches": 0},
        "judged",
        None,
    )


def test_a_batch_of_which_most_is_held_is_halted_and_says_why(intake):
    """Sixty of a hundred without a name: all hundred wait, and both limits are named."""
    counts, state, reason = brought(intake, 0, many(40, 60))
    assert (counts["halted"], state) == (100, "halted")
    assert "G-HELD: held_rate is 0.6, at most 0.5 is believed" in reason
    assert "G-NULL: null_rate of employment.full_name is 0.6" in reason


def test_a_jump_is_seen_against_the_nights_before(intake):
    """A third of the rows held is bearable, unless it was none yesterday."""
    assert brought(intake, 0, many(100))[1] == "judged"
    counts, state, reason = brought(intake, 1, many(67, 33))
    assert (counts["history"], state) == (1, "halted")
    assert "G-HELD-RISE: held_rate_rise is 0.33, at most 0.2 is believed" in reason


def test_a_halted_night_is_not_what_later_nights_are_compared_with(intake):
    """After good, halted, good: the third night is compared with the first."""
    brought(intake, 0, many(100))
    brought(intake, 1, many(0, 100))
    counts, state, _ = brought(intake, 2, many(100))
    assert (counts["history"], state) == (1, "judged")


def test_an_office_has_its_own_past_however_many_nights_lie_between(intake):
    """Away for nine nights while another was caught up in nine supplements: its jump is seen all the same."""
    brought(intake, 0, many(100))
    with intake.hub.begin() as conn:
        for number in range(1, 10):
            commit(conn, Receipt(f"{intake.night(0).day}-s{number}", "measures", "", {}))
            commit(conn, Receipt(str(intake.night(number).day), "measures", "", {}))
    counts, state, reason = brought(intake, 10, many(67, 33))
    assert (counts["history"], state) == (1, "halted")
    assert "G-HELD-RISE" in reason


def test_a_supplement_is_compared_with_the_night_it_is_beside(intake):
    """What came this morning is the newest past of what is caught up at noon."""
    brought(intake, 0, many(100))
    main = intake.night(0)
    noon = replace(main, seq=2, supplement=1, main_seq=1)
    intake.brings(noon, employment=many(67, 33))
    rows.run(intake.hub, noon, "bpjs")
    assert measures.run(intake.hub, noon).counts[FEED]["halted"] == 100


def test_what_a_person_released_is_what_the_next_extract_is_compared_with(intake):
    """Four times as large, released once: as large tomorrow it is believed, and four times that is not."""
    brought(intake, 0, many(100), complete=True)
    assert brought(intake, 1, many(400), complete=True)[1] == "halted"
    released = intake.night(2)
    intake.brings(released, employment=many(400), complete=True)
    with intake.hub.begin() as conn:
        conn.execute(update(batch).where(batch.c.seq == released.seq).values(taken_from="b2"))
    rows.run(intake.hub, released, "bpjs")
    assert measures.run(intake.hub, released).counts[FEED]["halted"] == 0
    assert brought(intake, 3, many(410), complete=True)[1] == "judged"
    _, state, reason = brought(intake, 4, many(420), complete=True, counts={"received": 1700})
    assert (state, reason.split(":")[0]) == ("halted", "G-RECEIVED")


@pytest.mark.parametrize("size", [0, 1])
def test_a_feed_of_no_row_or_one_is_judged_night_after_night(intake, size):
    """Nothing to divide by, nothing to vary: no measure fails, and none halts it."""
    for number in range(3):
        assert brought(intake, number, many(size), complete=True)[1] == "judged"


def test_swapped_sexes_are_noticed(intake):
    """Last night everybody was a woman, tonight a man: a translation was turned round."""
    brought(intake, 0, many(250))
    _, state, reason = brought(intake, 1, many(250, sex="L"))
    assert state == "halted"
    assert "G-CODE-SHIFT: code_shift of employment.sex is 1" in reason


def test_a_handful_of_rows_says_nothing(intake):
    """Three held of four is a bad morning, not a broken extract."""
    assert brought(intake, 0, many(1, 3))[1] == "judged"


def test_an_extract_three_times_as_large_is_halted(intake):
    """Somebody exported all offices into one file."""
    brought(intake, 0, many(100), complete=True)
    _, state, reason = brought(intake, 1, many(120), complete=True, counts={"received": 400})
    assert state == "halted"
    assert "G-RECEIVED" in reason


def test_a_night_without_news_is_judged_without_great_expectations(intake):
    """The batch is good, and the ten seconds of its import are saved."""
    night = intake.night()
    intake.brings(night, counts={"changes": 0})
    rows.run(intake.hub, night, "bpjs")
    assert measures.run(intake.hub, night).artefacts == ()
    with intake.hub.reading() as conn:
        assert conn.execute(select(batch.c.state)).scalar_one() == "judged"


def test_rows_that_nobody_validated_do_not_reach_the_register(intake):
    """validate failed for the office: the batch waits for the next night, the others go on."""
    night = intake.night()
    intake.brings(night, employment=many(3))
    receipt = measures.run(intake.hub, night)
    assert receipt.counts[FEED]["halted"] == 3
    with intake.hub.reading() as conn:
        assert conn.execute(select(batch.c.state, batch.c.guard, batch.c.halt_reason)).one() == (
            "halted",
            measures.UNJUDGED,
            measures.NOT_VALIDATED,
        )


def test_the_step_repeated_is_the_same_step(intake):
    """The second attempt finds its receipt and halts nothing anew."""
    brought(intake, 0, many(40, 60))
    assert measures.run(intake.hub, intake.night()) == measures.run(intake.hub, intake.night())


def test_importing_the_steps_imports_nothing_heavy():
    """Airflow's workers import them for every task."""
    code = (
        "import sys, jendela.validate.rows, jendela.validate.measures;"
        "print([m for m in ('pandera', 'great_expectations', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def rules():
    """The shipped expectations."""
    from jendela.contracts.measures import load_measures

    return load_measures(None, CONTRACTS)


def test_the_measures_of_a_batch(rules):
    """Two of four without a phone, one without a name, three women; the newest registration is a day old."""
    frame = many(3, 1).with_columns(
        phone=pl.Series([None, None, "+62811", "+62812"], dtype=pl.String),
        sex=pl.Series(["P", "P", "P", "L"]),
        registered_date=pl.Series(
            [NIGHT.replace(day=14), NIGHT.replace(day=1), None, NIGHT.replace(year=2099)]
        ),
    )
    counts = {"received": 8, "duplicate": 2, "accepted": 3, "held": 1}
    found = measure("f", counts, {"employment": [frame]}, CONTRACTS, CODES, rules, NIGHT)
    seen = {(m, f, c): v for m, f, c, v in found.select("measure", "field", "code", "value").iter_rows()}
    assert seen["received", None, None] == 8
    assert seen["duplicate_rate", None, None] == 0.25
    assert seen["held_rate", None, None] == 0.25
    assert seen["blank_rate", "phone", None] == 0.5
    assert seen["null_rate", "full_name", None] == 0.25
    assert seen["code_share", "sex", "P"] == 0.75
    assert seen["days_behind", None, None] == 1


def test_a_feed_without_history_is_compared_with_nothing(rules):
    """No rise, no shift, no ratio."""
    found = measure(
        "f", {"received": 4, "accepted": 4}, {"employment": [many(4)]}, CONTRACTS, CODES, rules, NIGHT
    )
    history = found.clear().with_columns(night=pl.lit(NIGHT))
    assert compare(found, history, frozenset({"f"})).is_empty()


def test_slices_measure_as_the_whole(rules):
    """Whichever rows stand in which slice, and where one of them is empty or coded."""
    whole = pl.concat([many(30, 20), many(9).with_columns(sex=pl.lit("Siti"), registered_date=None)])
    parts = [
        whole[:7],
        whole[:0],
        whole[7:40].with_columns(pl.col("sex").cast(pl.Enum(["L", "P", "Siti"]))),
        whole[40:],
    ]
    one, many_ = (
        measure("f", {"received": 59}, {"employment": slices}, CONTRACTS, CODES, rules, NIGHT)
        for slices in ([whole], parts)
    )
    assert_frame_equal(one, many_)
    assert set(one.filter(pl.col("measure") == "code_share")["code"]) == {"P", "?"}


def test_what_is_no_code_is_counted_and_not_shown(rules):
    """A clerk typed her name where the sex belongs: it reaches no measure, and so no Data Docs."""
    frame = many(4).with_columns(sex=pl.Series(["P", "P", "L", "Siti Aminah"]))
    found = measure("f", {"received": 4}, {"employment": [frame]}, CONTRACTS, CODES, rules, NIGHT)
    shares = dict(found.filter(pl.col("measure") == "code_share").select("code", "value").iter_rows())
    assert shares == {"P": 0.5, "L": 0.25, "?": 0.25}


def test_two_extracts_of_one_office_keep_their_proportion(rules):
    """Usually two letters for a report; tonight half of one: four times away from what is usual."""
    tonight = pl.concat(
        [
            measure(feed, {"received": rows}, {}, CONTRACTS, CODES, rules, NIGHT)
            for feed, rows in (("a", 100), ("b", 200))
        ]
    )
    assert ratios(tonight, [{"a"}, {"b"}]).is_empty()  # of two offices: nothing is compared
    found = pl.concat([tonight, ratios(tonight, [{"a", "b"}])])
    received = tonight.filter(pl.col("measure") == "received")
    before = ratios(received.with_columns(value=pl.Series([200.0, 100.0])), [{"a", "b"}])
    changed = compare(found, before.with_columns(night=pl.lit(NIGHT)), frozenset())
    line = changed.filter(pl.col("measure") == "feed_ratio_change").row(0, named=True)
    assert (line["feed"], line["code"], line["value"], line["rows"]) == ("a", "b", 4.0, 100)
    assert usual_values(before.with_columns(night=pl.lit(NIGHT)))["value"].to_list() == [2.0]
