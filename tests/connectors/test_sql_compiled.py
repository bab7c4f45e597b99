"""Oracle and SQL Server: no server here, but every statement that would be sent is one of theirs."""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow as pa
import pytest
import sqlalchemy as sa
import sqlglot
from sqlalchemy.dialects import mssql, oracle

from connectors import sql as connector_module
from connectors import sql_inbox
from connectors.sql import SqlConnector
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import Outgoing, Window
from tests.connectors.agency import source

QUERY = "SELECT k.KPJ, k.NAMA, k.UPAH, k.TGL_UBAH FROM KERJA k WHERE k.STATUS = 'A';"
FEED = source("delta", query=QUERY, watermark="TGL_UBAH")
OUTGOING = Outgoing("bpjs", "letters", "jdl_surat", ("kpj", "no_surat"), recipient="bpjs")
ENGINES = {
    "oracle": ("oracle+oracledb://sri:rahasia@DINAS", oracle.dialect(), "oracle"),
    "mssql": ("mssql+pyodbc://sri:rahasia@db/hub?Encrypt=yes", mssql.dialect(), "tsql"),
}


class Recorder:
    """A connection (and engine, and result) that keeps what it is sent, compiled as its dialect does."""

    def __init__(self, dialect, rows=()):
        self.dialect, self.sent, self.rows = dialect, [], list(rows)
        self.description = [(name, str) for name in ("KPJ", "NAMA", "UPAH", "TGL_UBAH")]

    cursor = connection = property(lambda self: self)

    def exec_driver_sql(self, statement, execution_options=None):
        self.sent.append(statement)
        return self

    def execute(self, statement, values=None):
        options = {"render_postcompile": True}
        self.sent.append(str(statement.compile(dialect=self.dialect, compile_kwargs=options)))
        return self

    def execution_options(self, **_):
        return self

    def connect(self):
        return self

    def partitions(self, _):
        return iter([self.rows])

    def scalar(self):
        return None

    def all(self):
        return []

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    """A connector to each engine, what it sends, and the name of the dialect for sqlglot."""
    url, dialect, grammar = ENGINES[request.param]
    recorder = Recorder(dialect)
    monkeypatch.setattr(connector_module, "reader", lambda _: recorder)
    names = ("delivery_id", "verb", "night", "recipient", "kpj", "no_surat")
    announced = ("recipient", "delivery", "night", "row_count", "announced_at")
    answers = ("delivery_id", "ack_status", "ack_at", "ack_reason")
    columns = {names: names, announced: announced, answers: answers}
    monkeypatch.setattr(
        sql_inbox,
        "_table",
        lambda conn, outgoing, name, wanted: sa.table(name, *map(sa.column, columns[tuple(wanted)])),
    )
    yield SqlConnector("bpjs", url), recorder, grammar
    for statement in recorder.sent:
        # What the driver binds is bound by name or position; the grammar knows neither in every place.
        plain = re.sub(r":[a-z]\w*|\?", "'x'", statement)
        sqlglot.parse_one(plain, dialect=grammar)
        assert not re.search(r"\bLIMIT\b|\bTOP\b|\bFETCH\b|%\(|`", statement), statement


def test_a_feed_is_read_in_the_engines_own_words(engine):
    """The query is wrapped without its semicolon, names are quoted as found, a window has both bounds."""
    connector, recorder, grammar = engine
    recorder.rows = [("12345678901", "Joko Susilo", 4500000.5, None)]
    tables = list(connector.pull(FEED, Window("2026-03-01", "2026-03-02 08:15:00.250000")))
    assert tables[0].to_pylist()[0]["UPAH"] == "4500000.5"
    select = recorder.sent[-1]
    bounds = {
        "oracle": "TIMESTAMP '2026-03-01 00:00:00' AND \"TGL_UBAH\" < TIMESTAMP '2026-03-02 08:15:00.250000'",
        "tsql": "CAST('2026-03-01T00:00:00' AS datetime2) AND [TGL_UBAH] < "
        "CAST('2026-03-02T08:15:00.250000' AS datetime2)",
    }[grammar]
    assert bounds in select
    assert ";" not in select
    assert " AS q" not in select  # which Oracle does not take
    quoted = '"KPJ" AS c0' if grammar == "oracle" else "[KPJ] AS c0"
    assert quoted in select


def test_keys_and_the_highest_watermark_compile(engine):
    """A sweep and the upper bound, and a watermark that no row has yet."""
    connector, recorder, _ = engine
    connector.keys(FEED)
    assert connector.high_watermark(FEED) is None
    assert "MAX(" in recorder.sent[-1]


def test_a_column_that_is_gone_is_named_there_too(engine):
    """By what the driver describes; nothing is read."""
    connector, recorder, _ = engine
    with pytest.raises(UnusableFeedError, match="NIK"):
        connector.check(replace(FEED, columns=("KPJ", "NIK")))
    assert all("WHERE 1 = 0" in statement for statement in recorder.sent)


def test_an_inbox_is_asked_filled_and_announced(engine):
    """At most 500 names in one statement (Oracle takes 1,000), and a time that fits its 32 characters."""
    _, recorder, grammar = engine
    rows = pa.table(
        {
            name: [f"{name}{at}" for at in range(1_200)]
            for name in ("delivery_id", "verb", "night", "recipient")
        }
        | {"kpj": [None] * 1_200, "no_surat": ["7/PHK"] * 1_200}
    )
    assert sql_inbox.put(recorder, OUTGOING, rows) == 1_200
    selects = [statement for statement in recorder.sent if statement.startswith("SELECT")]
    assert len(selects) == 3
    sql_inbox.announce(recorder, OUTGOING, "2026-03-02", 1_200)
    said = recorder.sent[-1]
    assert ("to_char(sys_extract_utc(SYSTIMESTAMP)" if grammar == "oracle" else "convert(VARCHAR(32)") in said
    assert sql_inbox.acknowledgements(recorder, OUTGOING, ["d1"]).num_rows == 0
