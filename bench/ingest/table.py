"""A table of workers as a social-security body keeps it: 26 columns, made by the server itself.

Nobody in it exists. One row in 200 lacks a name, has an impossible day or an unreadable wage: it is held.
"""

# ruff: noqa: E501 - SQL and lists of words

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

SERVER = os.environ.get("JENDELA_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
TABLE = "tk_kepesertaan"
_REGIONS = (
    "3215,3216,3275,3201,3273,3171,3174,3374,3578,1271,1671,6471,7371,5171,3603,3671,3515,3525,3318,3404"
)
_GIVEN = (
    "SITI,JOKO,SRI,AGUS,DEWI,BUDI,RINA,EKO,WATI,HENDRA,NUR,DIAN,RUDI,YANTI,ADI,LESTARI,FITRI,BAMBANG,INDAH,IWAN,"
    "MEGA,ARIF,PUTRI,DEDI,RATNA,SLAMET,AYU,HADI,MAYA,TONO"
)
_FAMILY = (
    "AISYAH,SANTOSO,WAHYUNI,SETIAWAN,LESTARI,HIDAYAT,PERMATA,SAPUTRA,KUSUMA,HARTONO,MAHARANI,PRASETYO,ANGGRAINI,"
    "GUNAWAN,RAHAYU,NUGROHO,SUSANTI,WIBOWO,HANDAYANI,KURNIAWAN,SAFITRI,SIREGAR,SIMANJUNTAK,TUMANGGOR"
)
_PLACES = "KARAWANG,BEKASI,BANDUNG,SEMARANG,SURABAYA,MEDAN,PALEMBANG,BALIKPAPAN,MAKASSAR,DENPASAR,KAB. BOGOR,KOTA TANGERANG"
_STREETS = "MELATI,MAWAR,KENANGA,DIPONEGORO,SUDIRMAN,AHMAD YANI,GATOT SUBROTO,PAHLAWAN,VETERAN,CEMPAKA"
_FIRMS = "MAJU JAYA,SINAR ABADI,KARYA MANDIRI,SUMBER REJEKI,BUMI PERTIWI,NUSANTARA TEKSTIL,CIPTA LOGAM,PRIMA PANGAN"


def _pick(words: str, by: str) -> str:
    values = words.split(",")
    array = "ARRAY[" + ",".join(f"'{word}'" for word in values) + "]"
    return f"({array})[1 + mod({by}, {len(values)})]"


def _statement(schema: str, rows: int) -> str:
    """Everything follows from the number of the row `g`; `h` and `k` scatter it."""
    return f"""
    CREATE UNLOGGED TABLE {schema}.{TABLE} AS
    SELECT ('2' || lpad(g::text, 10, '0'))::char(11) AS kpj,
      'JJ' || lpad(firm::text, 6, '0') AS npp,
      (1 + mod(k, 3))::int AS urut,
      CASE WHEN mod(k, 9) = 0 THEN '001' ELSE '000' END AS kd_divisi,
      '1'::char(1) AS jenis_identitas,
      {_pick(_REGIONS, "k")} || lpad(mod(h, 90)::text, 2, '0')
        || lpad((extract(day FROM born) + CASE WHEN female THEN 40 ELSE 0 END)::text, 2, '0')
        || to_char(born, 'MMYY') || lpad((1 + mod(g, 9998))::text, 4, '0') AS nomor_identitas,
      CASE WHEN mod(g, 600) <> 0 THEN {_pick(_GIVEN, "h")} || ' ' || {_pick(_GIVEN, "h / 97")} || ' ' || {_pick(_FAMILY, "k")}
        END AS nama_lengkap,
      {_pick(_PLACES, "h")} AS tempat_lahir,
      born AS tgl_lahir,
      CASE WHEN female THEN '2' ELSE '1' END::char(1) AS jenis_kelamin,
      {_pick(_GIVEN, "k")} || ' ' || {_pick(_FAMILY, "h / 89")} AS nama_ibu_kandung,
      '1'::char(1) AS kewarganegaraan,
      'JL. ' || {_pick(_STREETS, "k")} || ' NO. ' || mod(h, 200) || ' RT 00' || mod(k, 9) || '/RW 0' || mod(h, 20)
        AS alamat,
      {_pick(_REGIONS, "h")} AS kd_kab_tk,
      CASE WHEN mod(k, 4) <> 0 THEN '08' || lpad(mod(h * 7919, 10000000000)::text, 10, '1') END AS no_hp,
      CASE WHEN mod(k, 5) = 0 THEN lower({_pick(_GIVEN, "h")}) || g || '@contoh.example' END AS email,
      'PT ' || {_pick(_FIRMS, "firm")} || ' ' || firm AS nama_perusahaan,
      {_pick(_REGIONS, "firm")} AS kd_kab_perusahaan,
      started + 14 AS tgl_kepesertaan,
      CASE WHEN mod(g, 601) = 0 THEN born - 400 ELSE started END AS tgl_mulai_kerja,
      {_pick("T,K,H,K,T", "k")}::char(1) AS status_kerja,
      {_pick("OPERATOR,STAF ADMINISTRASI,SUPERVISOR,TEKNISI,PENGEMUDI,KASIR", "h")} AS jabatan,
      CASE WHEN mod(g, 599) = 0 THEN -1 ELSE 1 END * (2500000 + mod(h, 9000) * 1000 + mod(k, 4) * 0.25)::numeric(15,2)
        AS upah,
      CASE WHEN mod(h, 7) = 0 THEN started + 700 END AS tgl_na,
      CASE WHEN mod(h, 7) = 0 THEN {_pick("01,02,03,08", "k")} END AS sebab_na,
      CASE WHEN mod(h, 7) = 0 THEN started + 720 END AS tgl_lapor_na
    FROM (SELECT g, h, k, g / 20 AS firm, mod(h, 2) = 0 AS female,
            date '1962-01-01' + mod(k, 14000)::int AS born, date '2016-01-01' + mod(h, 2900)::int AS started
          FROM (SELECT g, (g * 2654435761) % 4294967296 AS h, (g * 40503 + 12345) % 1000003 AS k
                FROM generate_series(1::bigint, {rows}) g) a) b"""


@contextmanager
def workers(rows: int) -> Iterator[str]:
    """The URL of a database whose search path has the table of `rows` workers; dropped after the block."""
    schema = f"jendela_bench_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(SERVER)
    try:
        with engine.begin() as conn:
            conn.execute(sa.schema.CreateSchema(schema))
            conn.exec_driver_sql(_statement(schema, rows).replace("%", "%%"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql(f"VACUUM ANALYZE {schema}.{TABLE}")
        yield schema
    finally:
        with engine.begin() as conn:
            conn.exec_driver_sql("SET LOCAL lock_timeout = '20s'")
            conn.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))
        engine.dispose()


def url(schema: str) -> str:
    """The server with the schema as search path."""
    found = sa.make_url(SERVER).update_query_dict({"options": f"-csearch_path={schema}"})
    return found.render_as_string(hide_password=False)
