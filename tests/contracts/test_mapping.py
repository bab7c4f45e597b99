"""A feed's file is judged before one row is read: what disagrees is named with file, line and field."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from jendela.contracts.dictionary import load_dictionary
from jendela.contracts.feed_checks import Agreed, check
from jendela.contracts.mapping import build_feed, read_feed
from jendela.model.errors import AgreementError

FILE = "mappings/bpjs/kartu.yaml"
DICTIONARY = """\
table,column,type,nullable,meaning_en,code,code_meaning_id
KARTU,KPJ,CHAR(13),N,Key,,
KARTU,NAMA,VARCHAR(40),Y,Name,,
KARTU,JK,CHAR(1),Y,Sex,,
KARTU,JK,,,,1,Laki-laki
KARTU,JK,,,,2,Perempuan
KARTU,LAHIR,CHAR(10),Y,Birth date as DD-MM-YYYY text,,
KARTU,JHT,CHAR(1),Y,Programme,,
KARTU,JHT,,,,Y,Ya
KARTU,JHT,,,,N,Tidak
KARTU,TGL_UBAH,TIMESTAMP,N,Last change,,
"""
GOOD = """\
feed: bpjs.kartu
mode: delta
query: SELECT * FROM KARTU
key: [KPJ]
watermark: TGL_UBAH
columns: [KPJ, NAMA, JK, LAHIR, JHT, TGL_UBAH]
maps:
  card:
    fields:
      kpj: {from: KPJ, via: [trim, kpj]}
      full_name: {from: NAMA, via: [trim]}
      sex: {from: JK, codes: {"1": L, "2": P}}
      birth_date: {from: LAHIR, via: [date-dmy]}
      programmes: {flags: {JHT: JHT}, "yes": "Y", "no": "N"}
    absent:
      phone: the table has no telephone number
"""


@dataclass
class _Field:
    name: str
    type: str = "text"
    required: bool = False
    codes: str | None = None
    refers_to: str | None = None


@dataclass
class _Contract:
    fields: list[_Field] = field(
        default_factory=lambda: [
            _Field("kpj", required=True),
            _Field("full_name"),
            _Field("sex", "code", codes="sex"),
            _Field("birth_date", "date"),
            _Field("programmes"),
            _Field("phone"),
        ]
    )


def _load(root: Path, text: str, transport: str = "sql"):
    folder = root / "mappings" / "bpjs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (folder / "kartu.yaml").write_text(text, encoding="utf-8")
    codes = {"sex": SimpleNamespace(codes=frozenset({"L", "P"}))}
    dictionary = load_dictionary(folder / "dictionary.csv", root)
    file, raw = read_feed(folder / "kartu.yaml", root)
    origins = check(file, raw, Agreed(transport, {"card": _Contract()}, codes, dictionary))
    return build_feed(file, raw, "bpjs", origins)


def test_a_feed_that_agrees_is_loaded(tmp_path):
    """Source, key, watermark, columns and fields come out as the file says them."""
    feed = _load(tmp_path, GOOD)
    assert feed.source.key == ("KPJ",)
    assert feed.source.watermark == "TGL_UBAH"
    assert feed.source.columns == ("KPJ", "NAMA", "JK", "LAHIR", "JHT", "TGL_UBAH")
    assert feed.origins["JK"] == (("KARTU", "JK"),)
    card = feed.targets["card"]
    assert card.fields["sex"].codes == {"1": "L", "2": "P"}
    assert card.fields["birth_date"].via == ("date-dmy",)
    assert card.absent == {"phone": "the table has no telephone number"}
    assert card.columns == {"KPJ", "NAMA", "JK", "LAHIR", "JHT"}


def test_the_version_of_a_mapping_changes_with_its_file(tmp_path):
    """Every accepted row records it, so any edit must show."""
    before = _load(tmp_path, GOOD).version
    assert _load(tmp_path, GOOD).version == before
    assert _load(tmp_path, GOOD + "# a remark\n").version != before


def test_a_renamed_and_a_computed_column_name_their_origins(tmp_path):
    """A feed is a query: its columns say which dictionary columns they are made of."""
    text = GOOD.replace(
        "columns: [KPJ, NAMA, JK, LAHIR, JHT, TGL_UBAH]",
        "columns: {KPJ: KARTU.KPJ, NAMA: KARTU.NAMA, JK: KARTU.JK, LAHIR: KARTU.LAHIR, JHT: KARTU.JHT,\n"
        "          TGL_UBAH: [KARTU.TGL_UBAH, KARTU.TGL_UBAH]}",
    )
    assert _load(tmp_path, text).origins["TGL_UBAH"] == (("KARTU", "TGL_UBAH"), ("KARTU", "TGL_UBAH"))


BROKEN = {
    "a contract field is neither mapped nor absent": (
        ("    absent:\n      phone: the table has no telephone number\n", ""),
        f"{FILE}:9: phone: is neither mapped nor under absent with a reason.",
    ),
    "an absent field has no reason": (
        ("the table has no telephone number", '" "'),
        f"{FILE}:16: phone: is absent without a reason: say why there is no source.",
    ),
    "a mapped field is not in the contract": (
        ("full_name:", "fullname:"),
        f"{FILE}:11: fullname: is not in the contract of card.",
    ),
    "an absent field is not in the contract": (
        ("phone:", "telephone:"),
        f"{FILE}:16: telephone: is not in the contract of card.",
    ),
    "a field is mapped and absent": (
        ("      phone:", "      full_name: it is there after all\n      phone:"),
        f"{FILE}:16: full_name: is both mapped and absent.",
    ),
    "a required field is absent": (
        (
            "      kpj: {from: KPJ, via: [trim, kpj]}\n",
            "",
            "      phone:",
            "      kpj: nobody asks\n      phone:",
        ),
        f"{FILE}:15: kpj: is required by the contract of card: it cannot be absent.",
    ),
    "a source column is not in columns": (
        ("from: NAMA", "from: NAMA_LENGKAP"),
        f"{FILE}:11: NAMA_LENGKAP: is used by this mapping but not in columns.",
    ),
    "columns names something that the agency does not have": (
        ("JHT, TGL_UBAH]", "JHT, TGL_UBAH, HOBI]"),
        f"{FILE}:6: HOBI: KARTU.HOBI is not in mappings/bpjs/dictionary.csv.",
    ),
    "a column is named twice": (
        ("[KPJ, NAMA", "[KPJ, KPJ, NAMA"),
        f"{FILE}:6: KPJ: is named twice in columns.",
    ),
    "a column is asked for and not used": (
        (
            "      full_name: {from: NAMA, via: [trim]}\n",
            "",
            "      phone:",
            "      full_name: no\n      phone:",
        ),
        f"{FILE}:6: NAMA: is asked for but no mapping uses it: leave it with the agency.",
    ),
    "a transform is unknown": (
        ("via: [date-dmy]", "via: [date-mdy]"),
        f"{FILE}:13: birth_date: there is no transform 'date-mdy' to go via.",
    ),
    "a transform comes after one that reads": (
        ("via: [date-dmy]", "via: [date-dmy, trim]"),
        f"{FILE}:13: birth_date: trim must come before date.",
    ),
    "a field is given the wrong type": (
        ("via: [date-dmy]", "via: [trim]"),
        f"{FILE}:13: birth_date: is date in the contract, but this mapping gives text.",
    ),
    "a code of the agency is not translated": (
        ('codes: {"1": L, "2": P}', 'codes: {"1": L}'),
        f"{FILE}:12: sex: code '2' of JK is not translated.",
    ),
    "no code of the agency is translated": (
        (', codes: {"1": L, "2": P}', ""),
        f"{FILE}:12: sex: code '1' of JK is not translated to sex.",
    ),
    "a code becomes one that is not agreed": (
        ('"2": P}', '"2": W}'),
        f"{FILE}:12: sex: 'W' is not in the code list sex.",
    ),
    "a code is translated that the agency does not have": (
        ('"2": P}', '"2": P, "3": P}'),
        f"{FILE}:12: sex: '3' is not a code of JK.",
    ),
    "a field without a code list has codes": (
        ("from: NAMA, via: [trim]", "from: NAMA, codes: {A: B}"),
        f"{FILE}:11: full_name: has no code list in the contract: remove codes.",
    ),
    "a constant is not an agreed code": (
        ('{from: JK, codes: {"1": L, "2": P}}', "{value: X}", "JK, ", ""),
        f"{FILE}:12: sex: 'X' is not in the code list sex.",
    ),
    "a flag may say something else": (
        ('"no": "N"', '"no": "T"'),
        f"{FILE}:14: programmes: JHT may also hold 'N'.",
    ),
    "a field has two makers": (
        ("{from: NAMA, via: [trim]}", "{from: NAMA, value: X}"),
        f"{FILE}:11: full_name: needs exactly one of from, value, flags, refers, keyed and alike.",
    ),
    "the key is missing": (
        ("key: [KPJ]\n", ""),
        f"{FILE}: key: is missing: name the columns that identify a row.",
    ),
    "a key column is not in columns": (
        ("key: [KPJ]", "key: [KPJ, NPP]"),
        f"{FILE}:4: NPP: is a key column but not in columns.",
    ),
    "a delta feed has no watermark": (
        ("watermark: TGL_UBAH\n", "", ", TGL_UBAH", ""),
        f"{FILE}:2: watermark: is missing: a feed in mode delta needs one.",
    ),
    "an append feed has no watermark": (
        ("mode: delta", "mode: append", "watermark: TGL_UBAH\n", "", ", TGL_UBAH", ""),
        f"{FILE}:2: watermark: is missing: a feed in mode append needs one.",
    ),
    "a snapshot has a watermark": (
        ("mode: delta", "mode: snapshot"),
        f"{FILE}:5: watermark: has no meaning in mode snapshot: remove it.",
    ),
    "the watermark is text": (
        ("watermark: TGL_UBAH", "watermark: LAHIR"),
        f"{FILE}:5: LAHIR: cannot be a watermark: KARTU.LAHIR is CHAR(10), and text does not sort by time.",
    ),
    "the watermark is not in columns": (
        (", TGL_UBAH]", "]"),
        f"{FILE}:5: TGL_UBAH: is the watermark but not in columns.",
    ),
    "the query is missing": (
        ("query: SELECT * FROM KARTU\n", ""),
        f"{FILE}: query: is missing: a feed of transport sql needs it.",
    ),
    "the entity is unknown": (
        ("  card:", "  kartu:"),
        f"{FILE}:8: kartu: is not an entity; there are card.",
    ),
    "a key of the file is unknown": (
        ("mode: delta", "mode: delta\nspeed: fast"),
        f"{FILE}:3: speed: is not a key of this kind of file: correct its spelling or remove it.",
    ),
    "a code is not in quotes": (
        ('codes: {"1": L, "2": P}', 'codes: {1: L, "2": P}'),
        f"{FILE}:12: maps.card.fields.sex.codes.1.[key]: must be text: put it in quotes.",
    ),
    "a key is given twice": (
        ("mode: delta", "mode: delta\nmode: delta"),
        f'{FILE}:3: yaml: found duplicate key "mode" with value "delta" (original value: "delta").',
    ),
    "a condition says two things": (
        ("  card:\n", "  card:\n    where: {column: JK, in: ['1'], present: true}\n"),
        f"{FILE}:9: where: needs exactly one of in, not_in and present: true.",
    ),
    "a condition asks for a code that does not exist": (
        ("  card:\n", "  card:\n    independent_when: {column: JK, not_in: [JENDELA]}\n"),
        f"{FILE}:9: JK: 'JENDELA' is not a code of this column.",
    ),
    "a field's condition asks an unknown column": (
        ("{from: NAMA, via: [trim]}", "{from: NAMA, when: {column: JENIS, in: [A]}}"),
        f"{FILE}:11: JENIS: is used by this mapping but not in columns.",
    ),
}


@pytest.mark.parametrize(("edits", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_what_disagrees_is_named(tmp_path, edits, message):
    """File, line and field, in one sentence that says what to do."""
    text = GOOD
    for old, new in zip(edits[::2], edits[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(AgreementError) as raised:
        _load(tmp_path, text)
    assert str(raised.value) == message


def test_a_letter_feed_may_use_what_the_hub_knows_of_a_file(tmp_path):
    """The digest of the file and the state of its signature are in no agency's dictionary."""
    text = (
        GOOD.replace("query: SELECT * FROM KARTU", 'path: "*.xml"')
        .replace("mode: delta", "mode: drop")
        .replace("watermark: TGL_UBAH\n", "")
        .replace("TGL_UBAH]", "document_sha256]")
        .replace("from: NAMA", "from: document_sha256")
        .replace("NAMA, ", "")
    )
    assert _load(tmp_path, text, "letters").origins["document_sha256"] == ()
    over_http = text.replace("maps:", "options: {documents: {name: nama, url: tautan}}\nmaps:", 1)
    assert _load(tmp_path, over_http, "rest").origins["document_sha256"] == ()
    with pytest.raises(AgreementError, match=r"KARTU\.document_sha256 is not in"):
        _load(tmp_path, text, "files")


def test_a_dictionary_says_what_is_wrong_with_it(tmp_path):
    """A missing file, another header, and a code that has no column."""
    path = tmp_path / "dictionary.csv"
    with pytest.raises(AgreementError, match=r"dictionary.csv: file: is missing"):
        load_dictionary(path, tmp_path)
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(AgreementError, match=r"dictionary.csv:1: header: must be table,column,type"):
        load_dictionary(path, tmp_path)
    path.write_text(DICTIONARY.splitlines()[0] + "\nKARTU,JK,,,,1,Laki-laki\n", encoding="utf-8")
    with pytest.raises(AgreementError, match=r"dictionary.csv:2: JK: has a code before its own row"):
        load_dictionary(path, tmp_path)
