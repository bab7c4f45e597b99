"""The same nights where the agencies really are: BPJS and the hub on PostgreSQL, Kemnaker on MariaDB, offices
behind OpenSSH. Over HTTPS: test_rest_night.py."""

from __future__ import annotations

import shutil
from urllib.parse import urlsplit

import pytest

from jendela.demo.advance import advance
from jendela.evidence.verify import verify
from tests.connectors.sftp_agency import sshd
from tests.night import content
from tests.night.conftest import move
from tests.night.servers import mirror
from tests.servers import database

pytestmark = pytest.mark.servers
NIGHTS = 3


def test_three_nights_on_servers_leave_the_hub_of_three_nights_on_sqlite(demo, fresh, tmp_path):
    """Whatever holds the hub and the inboxes, the register is equal row for row, and so is every inbox."""
    plain = move(fresh, tmp_path / "plain")
    with (
        database("postgresql") as bpjs, database("postgresql") as bpjs_inbox, database("postgresql") as hub,
        database("mariadb") as kemnaker, database("mariadb") as kemnaker_inbox,
    ):  # fmt: skip
        with plain.hub():  # makes the key that both hubs use
            pass
        shutil.copytree(plain.folder / "state" / "keys", demo.folder / "state" / "keys")
        mirrors = [
            mirror(demo, "bpjs", bpjs, bpjs_inbox),
            mirror(demo, "kemnaker", kemnaker, kemnaker_inbox),
        ]
        # One set of books for both: engines pad CHAR and write fractions in their own ways.
        for agency in ("BPJS", "KEMNAKER"):
            plain.connections[f"JENDELA_CONN_{agency}"] = demo.connections[f"JENDELA_CONN_{agency}"]
        for name in ("DINAS_3215", "DINAS_3215_INBOX", "DINAS_6471", "DINAS_6471_INBOX"):
            folder = urlsplit(demo.connections[f"JENDELA_CONN_{name}"]).path
            demo.connections[f"JENDELA_CONN_{name}"] = sshd().url(folder)
        demo.connections["JENDELA_HUB_URL"] = hub.render_as_string(hide_password=False)
        for number in range(NIGHTS):
            counted = []
            for one in (plain, demo):
                outcome = one.run()
                counted.append([(r.step, r.scope, r.counts, r.versions) for r in outcome.receipts])
            assert counted[1] == counted[0], f"the receipts of night {number + 1}"
            for agency in mirrors:
                agency.fetch_inbox()
            assert content.inboxes(demo.folder) == content.inboxes(plain.folder)
            if number + 1 < NIGHTS:
                advance(plain.folder)
                advance(demo.folder)
                for agency in mirrors:
                    agency.open_books()
                    agency.return_answers()
        with plain.hub() as here, demo.hub() as there:
            assert there.engine.dialect.name == "postgresql"
            ours, theirs = content.register(here), content.register(there)
        for held in (*ours["held_row"], *theirs["held_row"]):
            del held["source_line"]  # the place in the order that an engine gives, which is its own
        for name, rows in ours.items():
            assert theirs[name] == rows, f"the rows of {name}"
        state = demo.folder / "state"
        assert verify(state / "evidence", state).findings == ()
        for agency in mirrors:
            for engine in (agency.books, agency.inbox, agency.here_books, agency.here_inbox):
                engine.dispose()
