"""What a mapping says of a REST feed is judged when the agreements load, with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from jendela.contracts.delivery import _inbox_transport, _options
from jendela.contracts.feed_checks import _check_source
from jendela.contracts.mapping import read_feed
from jendela.model.errors import AgreementError

GOOD = """\
feed: dinas_3276.lapor
mode: delta
path: v1/lapor
key: [pekerja.nik]
watermark: diubah
columns: [pekerja.nik, diubah, alasan]
options:
  records: data.isi
  parameters: {status: final, tahun: 2026}
  paging: {style: page, size: 500, first: 0}
  total: /meta/total
  window: {since: sejak, until: sampai, form: utc}
  highest: {parameters: {urut: -diubah}}
  keys: {path: v1/lapor/kunci, paging: {style: cursor, next: meta.lanjut}}
  optional: [alasan]
  timeout_seconds: 20
  tries: 5
  longest_wait_seconds: 120
  overlap_seconds: 3600
  ignore_in_hash: true
maps: {}
"""
SNAPSHOT = GOOD.replace("mode: delta", "mode: snapshot").replace("watermark: diubah\n", "")


def judged(tmp_path, text):
    """Nothing, if the file may be loaded."""
    path = tmp_path / "mappings/dinas_3276/lapor.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    _check_source(*read_feed(path, tmp_path), "rest")


@pytest.mark.parametrize(
    "paging",
    [
        "{style: none}", "{style: offset, size: 100, size_parameter: limit, offset_parameter: mulai}",
        "{style: cursor, next: lanjut}",
        "{style: link, size: 10, size_parameter: per_page}", "{style: next, next: links.next}",
    ],
)  # fmt: skip
def test_every_style_of_paging_can_be_said(tmp_path, paging):
    """With the parameters that it needs."""
    judged(tmp_path, GOOD.replace("{style: page, size: 500, first: 0}", paging))


@pytest.mark.parametrize(
    ("was", "now", "line", "said"),
    [
        ("tries: 5", "trys: 5", 17, "trys: is not a key"),
        ("tries: 5", "tries: many", 17, "tries"),
        ("tries: 5", "tries: 0", 17, "tries"),
        ("style: page", "style: pages", 10, "paging"),
        ("size: 500, first: 0", "size: 500, next: x", 10, "next: is not a key"),
        ("{style: cursor, next: meta.lanjut}", "{style: cursor}", 14, "next"),
        ("path: v1/lapor\n", "path: https://lain.example/v1\n", 3, "path below the connection's base"),
        ("path: v1/lapor\n", "path: ../v1\n", 3, "path below the connection's base"),
        ("path: v1/lapor/kunci", "path: v1/lapor?x=1", 14, "path below the connection's base"),
        ("path: v1/lapor\n", "", None, "path: is missing"),
        (
            "path: v1/lapor\n",
            "path: v1/lapor\nquery: SELECT 1\n",
            4,
            "query: has no meaning for transport rest",
        ),
        ("total: /meta/total", "total: /meta/total\n  total_header: X-Total", 11, "say the same"),
        (
            "  highest: {parameters: {urut: -diubah}}\n",
            "",
            7,
            "highest: is missing: a feed in mode delta needs it",
        ),
        ("highest: {parameters: {urut: -diubah}}", "highest: {}", 13, "needs value, or the parameters"),
        ("form: utc}", "form: iso}", None, None),
        ("highest: {parameters: {urut: -diubah}}", "highest: now", 13, "highest"),
        ("optional: [alasan]", "optional: [sebab]", 15, "sebab: is optional but not in columns"),
        ("optional: [alasan]", "optional: [pekerja.nik]", 15, "is a key column"),
        (
            "overlap_seconds: 3600",
            "documents: {name: a, url: b}",
            19,
            "documents: has no meaning in mode delta",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, was, now, line, said):
    """A key misspelt, a value of another kind, an option that the mode has no use for."""
    assert was in GOOD
    text = GOOD.replace(was, now)
    if said is None:
        judged(tmp_path, text)
        return
    with pytest.raises(AgreementError, match=said) as caught:
        judged(tmp_path, text)
    assert caught.value.line == line


def test_the_clock_is_utc(tmp_path):
    """The Date of an answer is: a window in local time beside it would be seven hours off."""
    clock = GOOD.replace("highest: {parameters: {urut: -diubah}}", "highest: clock")
    with pytest.raises(AgreementError, match=r"needs mode delta and window\.form utc"):
        judged(tmp_path, clock.replace("form: utc", "form: iso"))


@pytest.mark.parametrize("option", ["window: {since: x}", "highest: clock", "keys: {path: k}"])
def test_a_snapshot_has_no_window(tmp_path, option):
    """It is complete every night."""
    rest = SNAPSHOT[: SNAPSHOT.index("options:")] + "options:\n  {}\nmaps: {{}}\n"
    with pytest.raises(AgreementError, match="has no meaning in mode snapshot"):
        judged(tmp_path, rest.format(option))


def test_a_drop_says_where_its_files_are(tmp_path):
    """Name and link of each entry."""
    drop = SNAPSHOT[: SNAPSHOT.index("options:")].replace("snapshot", "drop") + "options: {}\nmaps: {{}}\n"
    judged(tmp_path / "1", drop.format("{documents: {name: nama, url: tautan}}"))
    with pytest.raises(AgreementError, match="documents: is missing"):
        judged(tmp_path / "2", drop.format("{records: data}"))


def test_a_delivery_over_rest_has_its_own_options(tmp_path):
    """By the transport of the office's inbox; a delimiter is for files."""
    from jendela.contracts.agreement_file import read_agreement
    from jendela.contracts.delivery import _DeliveryFile

    office = tmp_path / "office.yaml"
    office.write_text("inbox: {transport: rest, connection: D}\n", encoding="utf-8")
    assert _inbox_transport(office, tmp_path) == "rest"
    assert _inbox_transport(tmp_path / "none.yaml", tmp_path) == "files"
    delivery = tmp_path / "deliver_x.yaml"
    text = (
        "delivery: x\nentity: claim\nrecipient: bpjs\ntarget: jdl_x\npurpose: P\nlegal_basis: L\n"
        "own_keys: [A]\nfields: {}\noptions: "
    )
    delivery.write_text(text + "{batch_rows: 200, tries: 2}\n", encoding="utf-8")
    file = read_agreement(delivery, tmp_path)
    assert _options(file, file.parse(_DeliveryFile), "rest") == {"batch_rows": 200, "tries": 2}
    delivery.write_text(text + "{delimiter: ';'}\n", encoding="utf-8")
    file = read_agreement(delivery, tmp_path)
    with pytest.raises(AgreementError, match="delimiter: is not a key"):
        _options(file, file.parse(_DeliveryFile), "rest")
    assert _options(file, file.parse(_DeliveryFile), "files") == {"delimiter": ";", "encoding": "utf-8"}


def test_the_example_of_the_documentation_loads(tmp_path):
    """What rest.md shows is what the loader takes."""
    page = (Path(__file__).parents[2] / "docs/reference/rest.md").read_text(encoding="utf-8")
    shown = page.split("```yaml\n")[1].split("```")[0]
    judged(tmp_path, shown + "maps: {}\n")
