"""A halted batch in whole nights: released it goes through every step, and the balance has each row once."""

from __future__ import annotations

import json

from click.testing import CliRunner

from jendela.cli import jendela

FEED = "dinas_3215.laporan_phk"


def invoke(demo, *words):
    """What a command gave back, and what it printed."""
    shown = CliRunner().invoke(jendela, list(words), env=demo.environ, standalone_mode=False)
    assert shown.exception is None, shown.output
    return shown.return_value, shown.output


def statement(demo, label):
    """The line of the feed in a report's statement."""
    file = demo.folder / "state" / "reports" / label / "report.json"
    said = json.loads(file.read_text(encoding="utf-8"))["statement"]
    return next(line for line in said["lines"] if line["feed"] == FEED)


def balance(outcome):
    """The feed's line of the balance, without what is nothing."""
    (closed,) = (receipt for receipt in outcome.receipts if receipt.step == "close")
    counts = closed.counts[f"feed:{FEED}"]
    return {name: count for name, count in counts.items() if count}


def test_a_shrunk_list_is_halted_released_and_taken_as_it_landed(second):
    """Half of the list is gone; the office says that this is right; the night after takes what had landed."""
    (file,) = (second.folder / "dinas_3215" / "keluar").glob("laporan_phk*.csv")
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    file.write_bytes(b"".join(lines[: len(lines) // 2]))
    outcome = second.run()
    assert set(balance(outcome)) == {"received", "halted"}
    assert statement(second, "2026-09-02")["state"] == "halted"
    assert statement(second, "2026-09-02")["late_days"] == 1
    code, told = invoke(second, "halted", "list")
    assert code == 1
    assert f"2026-09-02  {FEED}  shrink" in told
    file.write_bytes(whole)  # whatever the office has by then
    _, told = invoke(second, "halted", "release", FEED, "--by", "Ratna", "--because", "pindah daftar")
    assert "is released" in told
    outcome = second.run()
    counts = balance(outcome)
    assert counts["released"] == sum(
        counts.get(name, 0) for name in ("accepted", "unchanged", "duplicate", "superseded", "held")
    )
    assert counts["deleted"] > 0
    line = statement(second, "2026-09-03")
    assert (line["state"], line["as_of"], line["late_since"]) == ("came", "2026-09-01", "2026-09-02")
    code, told = invoke(second, "halted", "show", FEED)
    assert "released by Ratna: pindah daftar" in told
