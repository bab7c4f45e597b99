"""The agencies' SQL tables, made from their own data dictionaries, so that dictionary and demo cannot
disagree."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa

KEYS: Mapping[str, tuple[str, ...]] = {
    "PERUSAHAAN": ("NPP", "KD_DIVISI"),
    "TK_BIODATA": ("KPJ",),
    "TK_KEPESERTAAN": ("KPJ", "NPP", "URUT_KEPESERTAAN"),
    "KLAIM_JKP": ("NO_KLAIM",),
    "SURAT_KLAIM": ("ID_SURAT",),
    "IURAN_TK": ("KPJ", "NPP", "URUT_KEPESERTAAN", "BLTH"),
    "BAYAR_MANFAAT": ("NO_BAYAR",),
    "HENTI_MANFAAT": ("ID_HENTI",),
    "WLKP_PERUSAHAAN": ("kode_pendaftaran",),
    "WLKP_TENAGA_KERJA": ("id_tk",),
    "SIAPKERJA_AKUN": ("id_akun",),
    "PES_PENDAFTARAN": ("no_pendaftaran",),
    "PES_AKTIVITAS": ("id_aktivitas",),
    "KARIRHUB_RUJUKAN": ("id_rujukan",),
    "SKILLHUB_PESERTA": ("no_peserta",),
    "SKILLHUB_KEHADIRAN": ("no_peserta", "bulan"),
    "PES_PEMBERITAHUAN": ("no_pemberitahuan",),
    "EPHI_PERSELISIHAN": ("no_pencatatan", "urut_pekerja"),
    "EPHI_PB": ("no_pb", "no_pencatatan", "urut_pekerja"),
}
CHANGED: Mapping[str, str] = {
    "PERUSAHAAN": "TGL_UBAH",
    "TK_BIODATA": "TGL_UBAH",
    "TK_KEPESERTAAN": "TGL_UBAH",
    "KLAIM_JKP": "TGL_UBAH",
    "SURAT_KLAIM": "TGL_UBAH",
    "IURAN_TK": "TGL_UBAH",
    "BAYAR_MANFAAT": "TGL_UBAH",
    "HENTI_MANFAAT": "TGL_UBAH",
    "WLKP_PERUSAHAAN": "updated_at",
    "SIAPKERJA_AKUN": "diubah_pada",
    "PES_PENDAFTARAN": "diubah_pada",
    "KARIRHUB_RUJUKAN": "diubah_pada",
    "SKILLHUB_PESERTA": "diubah_pada",
    "SKILLHUB_KEHADIRAN": "diubah_pada",
    "PES_PEMBERITAHUAN": "diubah_pada",
    "EPHI_PERSELISIHAN": "diubah_pada",
    "EPHI_PB": "diubah_pada",
}
"""The change column of the tables that have one."""

Row = dict[str, object]


@cache
def dictionary(agency: str) -> dict[str, dict[str, tuple[str, bool]]]:
    """Type and nullability of every column of every table, from `mappings/<agency>/dictionary.csv`."""
    text = (files("mappings") / agency / "dictionary.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, tuple[str, bool]]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["type"]:
            found.setdefault(row["table"], {})[row["column"]] = (row["type"], row["nullable"] == "Y")
    return found


def columns(agency: str, table: str) -> list[str]:
    """The columns of a table in their order."""
    return list(dictionary(agency)[table])


def width(agency: str, table: str, column: str) -> int:
    """The width of a CHAR or VARCHAR column."""
    return int(dictionary(agency)[table][column][0].partition("(")[2].rstrip(")"))


def sql_type(text: str) -> sa.types.TypeEngine[Any]:
    """A type of a data dictionary, as SQLAlchemy has it."""
    name, _, size = text.partition("(")
    sizes = [int(part) for part in size.rstrip(")").split(",") if part]
    if name == "CHAR":
        return sa.CHAR(sizes[0])
    if name == "VARCHAR":
        return sa.VARCHAR(sizes[0])
    if name == "NUMERIC":
        number: sa.Numeric[Decimal] = sa.Numeric(sizes[0], sizes[1])
        return number
    plain: dict[str, sa.types.TypeEngine[Any]] = {
        "SMALLINT": sa.SmallInteger(),
        "INTEGER": sa.Integer(),
        "BIGINT": sa.BigInteger(),
        "DATE": sa.Date(),
        "TIMESTAMP": sa.TIMESTAMP(),
    }
    return plain[name]


def typed(kind: sa.types.TypeEngine[Any], value: object) -> object:
    """A value as a column of this type takes it: dates and numbers come as text."""
    if value is None or value == "":
        return None
    if isinstance(kind, sa.Date) and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(kind, (sa.Integer, sa.Numeric)) and isinstance(value, str):
        number = Decimal(value)  # amounts that we delivered have cents, also where a table keeps none
        return int(number) if isinstance(kind, sa.Integer) and number == int(number) else number
    return value


def _quote(name: str) -> bool | None:
    """Names are written without quotes, unless there is no other way to write them."""
    return False if name.isidentifier() else None


@cache
def metadata(agency: str, keys: tuple[tuple[str, tuple[str, ...]], ...] = tuple(KEYS.items())) -> sa.MetaData:
    """The tables of an agency that keeps a database, named without quotes, as its own queries name them."""
    key_of_table = dict(keys)
    found = sa.MetaData()
    for table, described in dictionary(agency).items():
        sa.Table(
            table,
            found,
            *(
                sa.Column(
                    name,
                    sql_type(kind),
                    nullable=nullable,
                    primary_key=name in key_of_table[table],
                    quote=_quote(name),
                )
                for name, (kind, nullable) in described.items()
            ),
            quote=False,
        )
        if table in CHANGED:
            sa.Index(f"ix_{table.lower()}_ubah", found.tables[table].c[CHANGED[table]])
    return found


def key_of(table: str, row: Mapping[str, object]) -> str:
    """The natural key of a row as the truth files write it."""
    return "|".join(str(row[column]).strip() for column in KEYS[table])


def fill(agency: str, url: str, rows: Mapping[str, Sequence[Row]]) -> None:
    """Creates the tables of an agency in an empty database and loads its rows in one transaction."""
    engine = sa.create_engine(url)
    tables = metadata(agency)
    with engine.begin() as connection:
        tables.create_all(connection)
        for name, lines in rows.items():
            if lines:
                connection.execute(tables.tables[name].insert(), list(lines))
    engine.dispose()
