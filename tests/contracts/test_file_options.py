"""Options of files are judged when agreements load: file, line and field are named before the night."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from jendela.contracts.agreement_file import AgreementFile
from jendela.contracts.file_options import check_feed, delivery_options
from jendela.contracts.mapping import FeedFile
from jendela.model.errors import AgreementError

FEED = """\
feed: d.phk
mode: snapshot
path: phk.txt
options: {options}
key: [NIK]
columns: [NIK, NAMA]
maps: {{}}
"""
WIDTHS = "widths: {NIK: [1, 16], NAMA: [17, 40]}"


def judged(options, transport="files"):
    """The feed of these options, judged."""
    data = YAML().load(FEED.format(options=options))
    file = AgreementFile("mappings/d/phk.yaml", data, "")
    check_feed(file, file.parse(FeedFile), transport)


@pytest.mark.parametrize(
    "options",
    [
        "{}",
        '{delimiter: ";", encoding: utf-8-sig, take: last, ignore_in_hash: [NAMA], shrink_limit: 0.5}',
        '{format: csv, quote: "\'"}',
        '{take: last, named: "{BULAN} {YYYY}[ rev{N}]"}',
        "{take: all, dated: true, storm_limit: 20, storm_minimum: 1000}",
        "{format: xlsx, sheet: 2, header_row: 4, header_rows: 2, footer: [JUMLAH], column_numbers: true}",
        f"{{format: fixed, count: bytes, {WIDTHS}, trailer: {{starts: T, count: [2, 6]}}}}",
        "{format: parquet}",
    ],
)
def test_what_may_be_said_loads(options):
    """Each format has options of its own."""
    judged(options)


@pytest.mark.parametrize(
    ("options", "field", "problem"),
    [
        ("{delimeter: ;}", "options.delimeter", "is not a key"),
        ("{dated: true}", "dated", "take: all"),
        ("{dated: true, take: last}", "dated", "take: all"),
        ('{take: last, named: "{DD}-{YYYY}"}', "options.named", "a day its month"),
        ('{take: all, dated: true, named: "{MM}-{YYYY}"}', "options.named", "{DD} is missing"),
        ("{storm_limit: 1}", "options.storm_limit", "greater than 1"),
        ("{format: xls}", "options.format", "is not one of csv, xlsx, fixed, parquet"),
        ("{delimiter: ';;'}", "options.delimiter", "at most 1 character"),
        ("{encoding: utf-9}", "options.encoding", "utf-9 is not an encoding of text"),
        ("{encoding: base64}", "options.encoding", "base64 is not an encoding of text"),
        ("{format: parquet, encoding: utf-8}", "options.encoding", "is not a key"),
        ("{format: xlsx, header_rows: 9}", "options.header_rows", "less than or equal to 3"),
        ("{format: fixed}", "options.widths", "is missing"),
        ("{format: fixed, widths: {NIK: [1, 16]}}", "NAMA", "has no place in options.widths"),
        ("{format: fixed, widths: {NIK: [1, 16], NAMA: [16, 4]}}", "NAMA", "begins before NIK ends"),
        ("{format: fixed, widths: {NIK: [1, 16], NAMA: [17]}}", "options.widths.NAMA", "at least 2 items"),
        (f"{{format: fixed, length: 20, {WIDTHS}}}", "options.length", "less than the 56 of its columns"),
        (f"{{format: fixed, encoding: utf-16, {WIDTHS}}}", "options.encoding", "marks between lines"),
    ],
)
def test_what_may_not_is_named_with_its_line(options, field, problem):
    """A misspelt option would be a default that nobody chose."""
    with pytest.raises(AgreementError, match=problem) as caught:
        judged(options)
    assert (caught.value.file, caught.value.line, caught.value.field) == ("mappings/d/phk.yaml", 4, field)


def test_letters_have_no_format():
    """A folder of letters has files that say of themselves what they are."""
    judged("{take: all}", "letters")
    with pytest.raises(AgreementError, match="is not a key"):
        judged("{delimiter: ;}", "letters")


def test_a_delivery_has_a_place_for_every_column_it_sends():
    """Its envelope too; what is left out is the plain form."""
    assert delivery_options(AgreementFile("f", {}, ""), {}, ["a"]) == {"encoding": "utf-8", "delimiter": ","}
    data = YAML().load("options: {format: fixed, widths: {KPJ: [1, 11]}}")
    with pytest.raises(AgreementError, match="has no place") as caught:
        delivery_options(AgreementFile("f", data, ""), data["options"], ["delivery_id", "KPJ"])
    assert caught.value.field == "delivery_id"
