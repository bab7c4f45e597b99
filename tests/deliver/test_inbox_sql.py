"""The shipped inbox DDL is what the deliveries render to, and three databases run it and take a delivery."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from importlib.resources import files

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from connectors.sql import SqlConnector
from jendela.cli import jendela
from jendela.contracts.agreements import load_agreements
from jendela.deliver.ddl import render_inbox
from jendela.model.errors import WrongUseError
from tests.servers import HUBS, schema


def specs(office):
    """The deliveries of one office."""
    return tuple(load_agreements(None).offices[office].deliveries.values())


def shipped(office):
    """The file that the agency is given."""
    return (files("mappings") / office / "inbox.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize("office", ["bpjs", "kemnaker"])
def test_the_shipped_file_is_the_rendered_one(office):
    """Nobody edits it: a delivery that changes changes it."""
    assert shipped(office) == render_inbox(specs(office))


def test_the_tables_are_written_for_the_agency(tmp_path):
    """By a command, so that an office that was added has its inbox too; one without SQL is told so."""
    run = partial(CliRunner().invoke, jendela, standalone_mode=False, env={})
    out = tmp_path / "inbox.sql"
    assert run(["source", "inbox", "bpjs"]).output == shipped("bpjs")
    assert run(["source", "inbox", "kemnaker", "--out", str(out)]).output == f"{out}\n"
    assert out.read_text(encoding="utf-8") == shipped("kemnaker")
    for office in ("dinas_3215", "nowhere"):
        assert isinstance(run(["source", "inbox", office]).exception, WrongUseError)


def test_an_sql_inbox_has_lower_case_columns():
    """An unquoted name is folded differently by each database; Karawang's capitals are for its files."""
    with pytest.raises(WrongUseError, match="lower case"):
        render_inbox(specs("dinas_3215"))


@pytest.fixture(params=[*HUBS, pytest.param("mariadb", marks=pytest.mark.servers)])
def inbox(request, tmp_path):
    """The URL of a database in which an agency ran the DDL."""
    on_file = nullcontext(sa.make_url(f"sqlite:///{tmp_path / 'inbox.sqlite'}"))
    with on_file if request.param == "sqlite" else schema(request.param) as url:
        engine = sa.create_engine(url)
        with engine.begin() as conn:
            for statement in shipped("bpjs").split(";\n"):
                if statement.strip():
                    conn.exec_driver_sql(statement)
        yield url.render_as_string(hide_password=False)
        engine.dispose()


def test_a_delivery_arrives_once_and_is_answered(inbox, siti, letter):
    """The whole step against a real inbox: sent, answered by the agency in the row itself, acknowledged."""
    siti.hub.connector = lambda transport, office, url: SqlConnector(office, inbox)
    siti.say("termination_letter", "dinas_3215", "r-let", **letter)
    assert siti.deliver("bpjs").missing == ()
    engine = sa.create_engine(inbox)
    with engine.begin() as conn:
        rows = conn.exec_driver_sql("SELECT kpj, tgl_berlaku, jdl_seq FROM jdl_surat").all()
        assert [tuple(row) for row in rows] == [("01234567891", "24-09-2026", "00000001")]
        said = conn.exec_driver_sql(
            "SELECT delivery, row_count FROM jdl_announcement ORDER BY delivery"
        ).all()
        assert dict(map(tuple, said)) == {
            "disputes": 0,
            "letter_returns": 0,
            "letter_status": 0,
            "letters": 1,
            "notices": 0,
            "pes_activity": 0,
            "pes_registrations": 0,
            "placements": 0,
            "settlements": 0,
            "training_attendance": 0,
        }
        conn.exec_driver_sql("UPDATE jdl_surat SET ack_status = 'DITERIMA', ack_at = '2026-09-01T08:00:00'")
    siti.next_night()
    assert siti.deliver("bpjs").counts["bpjs.letters"]["acknowledged"] == 1
    engine.dispose()
