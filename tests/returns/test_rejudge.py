"""Everything judged again: shown first, decided by somebody, and only then done."""

from __future__ import annotations

import json
from importlib import import_module

import polars as pl
import pytest
from click.testing import CliRunner

from jendela.evidence.verify import verify
from jendela.model.errors import WrongUseError
from jendela.rejudge.run import decide, judge_again
from jendela.store import tables
from jendela.store.records import stated_by_id
from tests.returns.conftest import LETTERS

command = import_module("jendela.cli.rejudge")  # the package's own name is the command's
CONTRACT = "schemas/termination_letter.odcs.yaml"
NUMBER = (
    "- {name: letter_number, logicalType: string, physicalType: text, required: true,"
    " classification: public,\n"
    "         logicalTypeOptions: {maxLength: %d}"
)
WIDE, NARROW = NUMBER % 60, NUMBER % 10
MALFORMED = "32151057088990"


def shown(world, feed=None):
    """What judging again would change."""
    with world.hub() as hub:
        return judge_again(hub, feed)


def content(world):
    """All that rejudging may touch."""
    touched = (tables.held_row, tables.letter_finding, tables.ledger_leaf)
    return [world.table(table).to_dicts() for table in touched]


@pytest.fixture
def narrow(world):
    """A night under a contract that allows ten characters of a letter number: Siti's letter is held."""
    world.agree(CONTRACT, WIDE, NARROW)
    world.run()
    return world


def test_nothing_changes_under_the_same_rules(world):
    """One letter is accepted, one held; both are judged as they were."""
    world.letters.append(world.letters[0] | {"NO AGENDA": "118/AGD/2026", "NIK": MALFORMED})
    world.run()
    before = content(world)
    outcome = shown(world)
    assert not outcome.changes
    assert (outcome.states["held"], outcome.states["unchanged"]) == (1, 1)
    assert outcome.by_rule() == [{"feed": LETTERS, "rule": "N1", "before": 1, "after": 1}]
    with world.hub() as hub:
        decide(hub, None, "Rini", "to see")
    assert content(world) == before


def test_a_rule_relaxed_by_a_new_version_releases_what_it_held(narrow):
    """Shown without a trace; decided with a name and a reason in the log first; balanced the next night."""
    assert [row["STATUS"] for row in narrow.returned] == ["DITAHAN"]
    narrow.agree(CONTRACT, NARROW, WIDE)
    before = content(narrow)
    outcome = shown(narrow)
    assert (outcome.changes, outcome.states["released"]) == (True, 1)
    assert outcome.by_rule() == [{"feed": LETTERS, "rule": "C-LEN", "before": 1, "after": 0}]
    assert content(narrow) == before
    with narrow.hub() as hub:
        decide(hub, LETTERS, "Rini", "contract 1.1")
    (held,) = narrow.table(tables.held_row).to_dicts()
    assert (held["state"], held["decided_by"], held["decided_why"]) == ("released", "Rini", "contract 1.1")
    night = narrow.run()
    pulled = next(r for r in night.receipts if r.step == "pull" and r.scope == "dinas_3215").counts[LETTERS]
    assert (pulled["released"], pulled["changes"], pulled["unchanged"]) == (1, 1, 1)
    assert narrow.table(stated_by_id).filter(pl.col("feed") == LETTERS).height == 1
    assert [row["verb"] for row in narrow.returned] == ["upsert", "retract"]
    assert verify(narrow.folder / "state" / "evidence").findings == ()
    entries = narrow.table(tables.ledger_leaf).filter(pl.col("kind") == "release")["body"].to_list()
    (entry,) = (json.loads(body)["body"] for body in entries)
    assert (entry["verdict"], entry["who"], entry["why"]) == ("rejudged", "Rini", "contract 1.1")
    assert entry["states"]["released"] == 1


def test_a_rule_tightened_shows_what_it_would_hold_and_withdraws_nothing(world):
    """The accepted letter stays in the register; it becomes a finding and goes back to be corrected."""
    world.run()
    world.agree(CONTRACT, WIDE, NARROW)
    outcome = shown(world)
    assert outcome.states["failing"] == 1
    assert outcome.by_rule() == [{"feed": LETTERS, "rule": "C-LEN", "before": 0, "after": 1}]
    with world.hub() as hub:
        decide(hub, None, "Rini", "shorter numbers")
    versions = world.table(stated_by_id).filter(pl.col("feed") == LETTERS)
    assert versions["seq_to"].to_list() == [None]
    world.run()
    (row,) = world.returned
    assert (row["STATUS"], row["ATURAN"]) == ("PERBAIKI", "letter_number C-LEN")
    assert "Nomor surat (kolom NO SURAT): Teks lebih panjang" in row["URAIAN"]
    assert not shown(world).changes
    world.agree(CONTRACT, NARROW, WIDE)
    with world.hub() as hub:
        assert decide(hub, None, "Rini", "back again").states["mended"] == 1
    world.run()
    assert [entry["verb"] for entry in world.returned] == ["upsert", "retract"]


def test_a_rule_of_letters_is_judged_again_too(world):
    """L-03 becomes an error on the day that the catalogue says so."""
    world.letters[0]["TGL BERLAKU"] = "11 September 2026"
    world.agree("schemas/letter_rules.csv", "L-03.short,L-03,error", "L-03.short,L-03,warning")
    world.run()
    assert world.returned == []
    world.agree("schemas/letter_rules.csv", "L-03.short,L-03,warning", "L-03.short,L-03,error")
    outcome = shown(world)
    assert outcome.states["failing"] == 1
    assert [line["rule"] for line in outcome.by_rule()] == ["L-03"]


def test_a_row_that_another_rule_holds_says_so(narrow):
    """Still held, by other rules: its return is told anew, nothing is released."""
    narrow.letters[0]["NIK"] = MALFORMED
    narrow.run()
    narrow.agree(CONTRACT, NARROW, WIDE)
    assert shown(narrow).states["other_rules"] == 1
    with narrow.hub() as hub:
        decide(hub, None, "Rini", "contract 1.1")
    narrow.run()
    assert narrow.returned[-1]["ATURAN"] == "nik N1"


def test_who_and_why_are_asked_for_in_decent_words_and_a_feed_must_be_there(narrow):
    """A decision without a name is none, and its reason, which is public for ever, identifies nobody."""
    with narrow.hub() as hub:
        with pytest.raises(WrongUseError, match="--by"):
            decide(hub, None, " ", "because")
        with pytest.raises(WrongUseError, match="identifies a person"):
            decide(hub, None, "Rini", "NIK 3215011203859001 was right")
        with pytest.raises(WrongUseError, match=r"dinas_3215\.surat_tembusan"):
            judge_again(hub, "dinas_3215.surat")


def test_before_the_first_night_there_is_nothing_to_judge(world):
    """Wrong use, said plainly."""
    with pytest.raises(WrongUseError, match="no night yet"):
        shown(world)


def test_the_command_shows_then_does(narrow, monkeypatch):
    """0 nothing to change or done, 1 something would change, 2 wrong use; JSON without a value of anybody."""
    narrow.agree(CONTRACT, NARROW, WIDE)
    monkeypatch.setattr(command, "hub_of", lambda config: narrow.hub())

    def call(*arguments):
        done = CliRunner().invoke(
            command.rejudge, ["--config", "x.yaml", *arguments], standalone_mode=False, catch_exceptions=True
        )
        return done.return_value if done.exception is None else type(done.exception).__name__, done.output

    assert call("--yes")[0] == "UsageError"
    assert call("--dry-run", "--yes", "--who", "Rini", "--why", "w")[0] == "UsageError"
    code, output = call("--json")
    told = json.loads(output)
    assert (code, told["changes"], told["done"], told["states"]["released"]) == (1, True, False, 1)
    assert "SITI" not in output
    code, output = call("--dry-run")
    assert code == 1
    assert "C-LEN" in output
    assert "tidak ditahan lagi" in output
    code, output = call("--yes", "--who", "Rini", "--why", "contract 1.1", "--json")
    assert (code, json.loads(output)["done"]) == (0, True)
    assert call()[0] == 0
