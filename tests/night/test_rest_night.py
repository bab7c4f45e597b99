"""Kemnaker as an office that offers REST, beside Kemnaker as a database: the same nights, row for row."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
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
PAGING = (
    {"style": "page", "size": 50},
    {"style": "offset", "size": 90},
    {"style": "cursor", "next": "meta.next_cursor", "size": 70, "size_parameter": "limit"},
    {"style": "link", "size": 80, "size_parameter": "size"},
    {"style": "next", "next": "meta.next", "size": 60, "size_parameter": "size"},
)


def over_rest(folder):
    """Agreements in which Kemnaker is read, and delivered to, over HTTP; the queries of its feeds, and the columns of change."""
    for part in ("schemas", "mappings"):
        shutil.copytree(ROOT / part, folder / part)
    queries: dict[str, str] = {}
    changed = {}
    for path in sorted((folder / "mappings/kemnaker").glob("*.yaml")):
        said = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  a safe loader
        if path.name == "office.yaml":
            said["transport"] = said["inbox"]["transport"] = "rest"
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
    """What Kemnaker's interface shows today: the rows of its feeds."""
    path = demo.folder / "kemnaker/interface.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("ATTACH ? AS pusat", [str(demo.folder / "kemnaker/pusat.sqlite")])
        for name, query in queries.items():
            conn.execute(f"CREATE TABLE {name} AS {query}")
    return path


# A mapping's digest, and the place of a row in the office's own order, which its transport gives.
TRANSPORTS_OWN = {"versions", "source_line"}


def held(demo):
    """All that the hub and the inboxes hold, by table, in one order."""
    with demo.hub() as hub:
        register = content.register(hub)
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
def test_two_nights_over_rest_are_two_nights_over_sql(after_one_night, fresh, tmp_path):
    """Windows, a snapshot, an append feed; deliveries, answers, announcements: over HTTPS, with faults."""
    plain, rest = move(after_one_night, tmp_path / "plain"), move(fresh, tmp_path / "rest")
    shutil.copytree(plain.folder / "state/keys", rest.folder / "state/keys")
    queries, changed = over_rest(tmp_path / "agreements")
    rest.config.write_text(
        rest.config.read_text() + f"agreements: {tmp_path / 'agreements'}\n", encoding="utf-8"
    )
    store = RestStore(exported(rest, queries), rest.folder / "kemnaker/inbox.sqlite", changed)
    with serving(store, ACCOUNT, tls=make_certificates(tmp_path / "tls")) as office:
        rest.connections["JENDELA_CONN_KEMNAKER"] = rest.connections["JENDELA_CONN_KEMNAKER_INBOX"] = (
            office.url
        )
        office.faults.add("drop_after", "cut", where="/rows")
        office.faults.add("drop", "cut", where="v1/wlkp_tenaga_kerja")
        outcome = rest.run()
        assert not [
            one for receipt in outcome.receipts for one in receipt.missing if one.office == "kemnaker"
        ]
        assert differing(held(rest), held(plain)) == set()
        for demo in (plain, rest):
            advance(demo.folder)
        exported(rest, queries)
        office.routes.revoke()
        rest.run()
        plain.run()
        assert differing(held(rest), held(plain)) == set()
