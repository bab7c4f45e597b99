"""Faults to put into the demo agencies, one by one, and to take out again: what a hub must survive and name.

A fault is in force until it is mended; days may pass meanwhile, the agency's work goes on behind it.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jendela.demo.broken_day import INBOXES
from jendela.model.errors import WrongUseError

_SQL = {
    "bpjs": ("bpjs/smile.sqlite", "TK_KEPESERTAAN", "UPAH", "JABATAN"),
    "kemnaker": ("kemnaker/pusat.sqlite", "WLKP_TENAGA_KERJA", "tgl_mulai", "jabatan"),
}
"""Database, table, a column that is needed, a column of free text."""
_CSV, _XML = "dinas_3215", "dinas_6471"
_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def _database(folder: Path, agency: str) -> tuple[sqlite3.Connection, str, str, str]:
    place, table, column, text = _SQL[agency]
    return sqlite3.connect(folder / place), table, column, text


def _run(folder: Path, agency: str, statement: str) -> None:
    connection, table, column, text = _database(folder, agency)
    with connection:
        connection.execute(statement.format(table=table, column=column, text=text))
    connection.close()


def _report(folder: Path) -> Path:
    return folder / _CSV / "keluar" / "laporan_phk.csv"


def _newest(folder: Path) -> Path:
    return max((folder / _XML / "keluar").glob("surat_*.xml"))


def _header(folder: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Changes the cells of every line of the report, the header first."""
    file = _report(folder)
    lines = file.read_bytes().decode("utf-8-sig").split("\r\n")
    changed = [";".join(change(line.split(";"))) if line else line for line in lines]
    file.write_bytes("\r\n".join(changed).encode("utf-8-sig"))


def column_renamed(folder: Path, agency: str) -> None:
    """A column the mapping needs has a new name (in XML: an element of the newest letter)."""
    if agency in _SQL:
        _run(folder, agency, "ALTER TABLE {table} RENAME COLUMN {column} TO {column}_BARU")
    elif agency == _CSV:
        _header(folder, lambda cells: ["NO KTP" if cell == "NIK" else cell for cell in cells])
    else:
        file = _newest(folder)
        file.write_bytes(file.read_bytes().replace(b"nama_lengkap>", b"nama>"))


def column_gone(folder: Path, agency: str) -> None:
    """A column the mapping needs is not there any more (in XML: an element of the newest letter)."""
    if agency in _SQL:
        _run(folder, agency, "ALTER TABLE {table} DROP COLUMN {column}")
    elif agency == _CSV:
        _header(folder, lambda cells: cells[:12] + cells[13:])
    else:
        file = _newest(folder)
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(line for line in lines if b"<tanggal_berlaku>" not in line))


def empty_table(folder: Path, agency: str) -> None:
    """A table without a row, a file of only a header, a letter of no byte."""
    if agency in _SQL:
        _run(folder, agency, "DELETE FROM {table}")
    elif agency == _CSV:
        _report(folder).write_bytes(_report(folder).read_bytes().split(b"\r\n")[0] + b"\r\n")
    else:
        _newest(folder).write_bytes(b"")


def truncated_file(folder: Path, agency: str) -> None:
    """A file that ends in the middle."""
    file = (
        folder / _SQL[agency][0] if agency in _SQL else _report(folder) if agency == _CSV else _newest(folder)
    )
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 3 // 5])


def wrong_encoding(folder: Path, agency: str) -> None:
    """UTF-16 where UTF-8 was agreed (CSV), and bytes that are no letters (XML, SQL)."""
    if agency in _SQL:
        _run(folder, agency, "UPDATE {table} SET {text} = CAST(X'80FF41' AS TEXT) WHERE rowid % 7 = 3")
    elif agency == _CSV:
        _report(folder).write_bytes(_report(folder).read_bytes().decode("utf-8-sig").encode("utf-16"))
    else:
        file = _newest(folder)
        file.write_bytes(file.read_bytes().replace(b"<nama_lengkap>", b"<nama_lengkap>\xff\x81 "))


def xml_bomb(folder: Path, agency: str) -> None:
    """A letter that would fill the memory if its entities were expanded."""
    bomb = (
        f'<?xml version="1.0"?>\n<!DOCTYPE berkas_phk [<!ENTITY a0 "aduh">{_LAUGHS}]>\n'
        '<berkas_phk xmlns="urn:id:jendela:surat-phk:1.0" version="1.0">&a9;</berkas_phk>\n'
    )
    (folder / agency / "keluar" / "surat_20260101_99999.xml").write_text(bomb, encoding="utf-8")


def office_vanishes(folder: Path, agency: str) -> None:
    """The database or the folder is gone."""
    place = folder / _SQL[agency][0] if agency in _SQL else folder / agency / "keluar"
    shutil.rmtree(place) if place.is_dir() else place.unlink()


def half_written(folder: Path, agency: str) -> None:
    """The office's program is still writing: the file has another name, and half of its content."""
    file = _report(folder) if agency == _CSV else _newest(folder)
    content = file.read_bytes()
    file.with_name(f"{file.name}.part").write_bytes(content[: len(content) // 2])
    file.unlink()


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that can be applied to some of the agencies."""

    apply: Callable[[Path, str], None]
    agencies: frozenset[str]


_ALL = frozenset({"bpjs", "kemnaker", _CSV, _XML})
FAULTS: Mapping[str, Fault] = {
    "column_renamed": Fault(column_renamed, _ALL),
    "column_gone": Fault(column_gone, _ALL),
    "empty_table": Fault(empty_table, _ALL),
    "truncated_file": Fault(truncated_file, _ALL),
    "wrong_encoding": Fault(wrong_encoding, _ALL),
    "xml_bomb": Fault(xml_bomb, frozenset({_XML})),
    "office_vanishes": Fault(office_vanishes, _ALL),
    "half_written": Fault(half_written, frozenset({_CSV, _XML})),
}


def apply(folder: Path, agency: str, fault: str) -> None:
    """Puts a fault into an agency that has none.

    Raises:
        WrongUseError: the fault is unknown or not one this agency can have, or it has a fault already.
    """
    if fault not in FAULTS or agency not in FAULTS[fault].agencies:
        known = ", ".join(sorted(name for name, one in FAULTS.items() if agency in one.agencies))
        raise WrongUseError(f"{fault} is not a fault of {agency}; choose one of: {known or 'none'}.")
    active = faults(folder)
    if agency in active:
        raise WrongUseError(f"{agency} has the fault {active[agency]} already: mend it first.")
    kept = folder / "sabotage" / agency
    shutil.copytree(folder / agency, kept, ignore=shutil.ignore_patterns(*INBOXES))
    _save(folder, {**active, agency: fault})
    FAULTS[fault].apply(folder, agency)


def mend(folder: Path, agency: str | None = None) -> None:
    """Takes the fault out of an agency, or out of all."""
    active = faults(folder)
    for name in [agency] if agency else list(active):
        if active.pop(name, None):
            _restore(folder, name)
    _save(folder, active)


def faults(folder: Path) -> dict[str, str]:
    """The fault in force, by agency."""
    file = folder / "sabotage" / "faults.json"
    if not file.is_file():
        return {}
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def lift_all(folder: Path) -> dict[str, str]:
    """Takes all faults out for a while; returns them for `apply_all`."""
    active = faults(folder)
    mend(folder)
    return active


def apply_all(folder: Path, active: Mapping[str, str]) -> None:
    """Puts the faults of `lift_all` back in force."""
    for agency, fault in active.items():
        apply(folder, agency, fault)


def _save(folder: Path, active: Mapping[str, str]) -> None:
    if active or (folder / "sabotage").is_dir():
        (folder / "sabotage").mkdir(exist_ok=True)
        (folder / "sabotage" / "faults.json").write_text(json.dumps(dict(active)), encoding="utf-8")


def _restore(folder: Path, agency: str) -> None:
    kept = folder / "sabotage" / agency
    out = folder / agency / "keluar"
    if out.is_dir():
        shutil.rmtree(out)
    shutil.copytree(kept, folder / agency, dirs_exist_ok=True)
    shutil.rmtree(kept)
