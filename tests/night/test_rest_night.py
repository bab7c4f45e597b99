"""Kemnaker and Balikpapan over REST, beside them as a database and a folder: the same nights, row for row."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest
import yaml

from jendela.contracts.quick_yaml import _Loader
from jendela.crypto.loopback_tls import make_certificates
from jendela.demo.advance import advance
from jendela.demo.rest_office import serving
from jendela.demo.rest_routes import Account
from jendela.demo.rest_store import RestStore
from tests.night import content
from tests.night.conftest import move

ROOT = Path(__file__).parents[2]
ACCOUNT = Account("jendela", "rahasia kementerian")
ASKED = ("kemnaker", "dinas_6471")
PAGING = (
    {"style": "page", "size": 50},
    {"style": "offset", "size": 90},
    {"style": "cursor", "next": "meta.next_cursor", "size": 70, "size_parameter": "limit"},
    {"style": "link", "size": 80, "size_parameter": "size"},
    {"style": "next", "next": "meta.next", "size": 60, "size_parameter": "size"},
)


def over_rest(folder):
    """Agreements by which the two are asked over HTTP; the queries of the feeds, and their change columns."""
    for part in ("schemas", "mappings"):
        shutil.copytree(ROOT / part, folder / part)
    queries: dict[str, str] = {}
    changed = {}
    paths = (folder / "mappings").glob("kemnaker/*.yaml"), (folder / "mappings/dinas_6471").glob("[bo]*.yaml")
    for path in sorted(chain(*paths)):
        said = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  a safe loader
        if path.name == "office.yaml":
            said["transport"] = "rest"
            if said["office"] == "kemnaker":
                said["inbox"]["transport"] = "rest"
        elif said.get("mode") == "drop":
            documents = {"name": "nama", "url": "isi.tautan", "sha256": "isi.sha256"}
            said |= {"path": "v1/berkas", "options": {"records": "data", "documents": documents}}
            said["options"]["paging"] = PAGING[0]
        elif "query" in said:
            name = path.stem
            queries[name] = said.pop("query")
            said["path"] = f"v1/{name}"
            options = {
                "records": "data",
                "paging": PAGING[len(queries) % len(PAGING)],
                "total": "meta.total",
                "page_bytes": 4_000_000,
            }
            if column := said.get("watermark"):
                form = "number" if said["mode"] == "append" else "utc"
                options["window"] = {"since": "since", "until": "until", "form": form}
                changed[name] = column
                options["highest"] = {"parameters": {"sort": f"-{column}"}}
            said["options"] = {**said.get("options", {}), **options}
        else:
            said["options"] = {"batch_rows": 40}
        path.write_text(yaml.safe_dump(said, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return queries, changed


def exported(demo, queries):
    """What the interface shows today: the rows of Kemnaker's feeds, the letters of Balikpapan."""
    path = demo.folder / "kemnaker/interface.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("ATTACH ? AS pusat", [str(demo.folder / "kemnaker/pusat.sqlite")])
        for name, query in queries.items():
            conn.execute(f"CREATE TABLE {name} AS {query}")
        conn.execute("CREATE TABLE berkas (nama TEXT, isi BLOB)")
        letters = sorted((demo.folder / "dinas_6471/keluar").glob("*.xml"))
        conn.executemany(
            "INSERT INTO berkas VALUES (?, ?)", [(one.name, one.read_bytes()) for one in letters]
        )
    return path


# A mapping's digest, and the place of a row in the office's own order, which its transport gives.
TRANSPORTS_OWN = {"versions", "source_line"}


def held(demo, changed):
    """All that the hub and the inboxes hold, by table, in one order."""
    with demo.hub() as hub:
        register = content.register(hub)
    for row in register["held_row"]:  # SQLite's own text of a computed moment has zeros at its end
        row["sealed_row"] = {n: v for n, v in json.loads(row["sealed_row"]).items() if n not in changed}
    plain = {
        table: sorted(
            ({n: v for n, v in row.items() if n not in TRANSPORTS_OWN} for row in rows),
            key=repr,
        )
        for table, rows in register.items()
    }
    inboxes = {n: rows for n, rows in content.inboxes(demo.folder).items() if "received_batch" not in n}
    return {**plain, **inboxes}


def differing(one, other):
    """The tables in which two hubs differ."""
    return {table for table in one.keys() | other.keys() if one.get(table) != other.get(table)}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_nights_over_rest_are_two_nights_over_sql(after_one_night, fresh, tmp_path):
    """Windows, a snapshot, an append feed, letters; deliveries and answers: over HTTPS, with faults."""
    plain, rest = move(after_one_night, tmp_path / "plain"), move(fresh, tmp_path / "rest")
    shutil.copytree(plain.folder / "state/keys", rest.folder / "state/keys")
    queries, changed = over_rest(tmp_path / "agreements")
    rest.config.write_text(
        rest.config.read_text() + f"agreements: {tmp_path / 'agreements'}\n", encoding="utf-8"
    )
    store = RestStore(exported(rest, queries), rest.folder / "kemnaker/inbox.sqlite", changed)
    with serving(store, ACCOUNT, tls=make_certificates(tmp_path / "tls")) as office:
        for name in ("KEMNAKER", "KEMNAKER_INBOX", "DINAS_6471"):
            rest.connections[f"JENDELA_CONN_{name}"] = office.url
        office.faults.add("drop_after", "cut", where="/rows")
        office.faults.add("drop", "cut", where="v1/wlkp_tenaga_kerja")
        outcome = rest.run()
        assert not [one for receipt in outcome.receipts for one in receipt.missing if one.office in ASKED]
        assert differing(held(rest, changed.values()), held(plain, changed.values())) == set()
        for demo in (plain, rest):
            advance(demo.folder)
        exported(rest, queries)
        office.routes.revoke()
        rest.run()
        plain.run()
        assert differing(held(rest, changed.values()), held(plain, changed.values())) == set()
