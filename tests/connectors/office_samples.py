"""A generated sample of any office's feed, from its dictionary alone, written in the office's own format.

A transport that is not here brings its own into `WRITERS`: from the office, a feed, the dictionary and a
folder to the connector's URL and the rows that must come back.
"""

from __future__ import annotations

import atexit
import re
import sqlite3
from contextlib import closing

import polars as pl
import sqlalchemy as sa

from connectors import writers
from connectors.canonical import text_of
from jendela.contracts.dictionary import load_dictionary
from jendela.demo.rest_office import RestOffice
from jendela.demo.rest_routes import Account
from jendela.demo.rest_store import RestStore

ROWS = 24
# How a text is written that a mapping reads in this way; `{0}` is the day of the month.
FORMS = {
    "date-dmy": "{0:02}-03-2026",
    "date-ymd": "202603{0:02}",
    "date-iso": "2026-03-{0:02}",
    "date-words": "{0} Maret 2026",
    "month-my": "03-2026",
    "month-ym": "202603",
    "rupiah": "{0}.000",
    "decimal": "{0}000",
    "int": "{0}",
}


def dictionary_of(agreements, office):
    """The office's dictionary."""
    return load_dictionary(agreements.folder / "mappings" / office.id / "dictionary.csv", agreements.folder)


def forms_of(office):
    """How the office writes the texts of its columns, as its own mappings read them."""
    return {
        origin: FORMS[step]
        for feed in office.feeds.values()
        for made in feed.targets.values()
        for field in made.fields.values()
        for step in field.via
        if step in FORMS and field.source
        for origin in feed.origins[field.source]
    }


def value(column, row, form=None):
    """What the column holds in that row: a code in turn, or a value of its type that joins what is alike."""
    if column.codes:
        return column.codes[row % len(column.codes)]
    if form and column.is_text:
        return form.format(row + 1)
    kind, _, size = column.type.upper().partition("(")
    day = f"2026-03-{row + 1:02}"
    if "TIMESTAMP" in kind or "DATETIME" in kind:
        return f"{day} 08:15:00"
    if kind == "DATE":
        return day
    if re.search("INT|NUM|DEC|REAL|FLOAT|DOUBLE", kind):
        return row + 1
    length = int(size.rstrip(")").split(",")[0]) if size.rstrip(")").isdecimal() else 60
    return f"{row + 1}" if length < 6 else f"{row + 1:05}"


def of_file(office, feed, dictionary, folder):
    """A file of the feed's format, written as the office's program would."""
    forms = forms_of(office)
    rows = {
        name: [
            str(value(dictionary.columns[origin], row, forms.get(origin)))
            for origin in feed.origins[name][:1]
            for row in range(ROWS)
        ]
        for name in dict.fromkeys((*feed.source.columns, *feed.source.key))
    }
    name = feed.source.path.replace("*", "2026-03-01").replace("?", "1")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(writers.write(pl.DataFrame(rows), feed.source.options))
    return f"file://{folder}", pl.DataFrame(rows).select(feed.source.columns).rows()


def of_sql(office, feed, dictionary, folder):
    """The dictionary's tables in SQLite; what its query gives there is what must come."""
    path = folder / "agency.db"
    tables, forms = {}, forms_of(office)
    for (table, _), column in dictionary.columns.items():
        tables.setdefault(table, []).append(column)
    with sqlite3.connect(path) as database:
        for table, columns in tables.items():
            declared = ", ".join(f'"{column.name}" {column.type}' for column in columns)
            database.execute(f'CREATE TABLE "{table}" ({declared})')
            marks = ", ".join("?" * len(columns))
            rows = [
                [value(column, row, forms.get((table, column.name))) for column in columns]
                for row in range(ROWS)
            ]
            database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
        database.commit()
        cursor = database.execute(feed.source.query)
        named = [item[0].casefold() for item in cursor.description]
        places = [named.index(name.casefold()) for name in feed.source.columns]
        expected = [tuple(text_of(row[at]) for at in places) for row in cursor]
    database.close()
    return f"sqlite:///{path}", expected


def of_documents(office, feed, dictionary, folder):
    """A file that is dropped: its bytes are what must come."""
    name = feed.source.path.replace("*", "2026-03-01")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    content = "\n".join(f"<{column}/>" for column in feed.source.columns).encode()
    (folder / name).write_bytes(content)
    return f"file://{folder}", [(name, content)]


def of_rest(office, feed, dictionary, folder):
    """The feed's table behind the demo's interface, served until the tests end."""
    table = feed.source.path.rpartition("/")[2]
    columns = [column for (name, _), column in dictionary.columns.items() if name == table]
    rows = [[value(column, row) for column in columns] for row in range(ROWS)]
    store = RestStore(folder / "records.db", folder / "inbox.db", {table: feed.source.watermark})
    with closing(sqlite3.connect(store.records)) as database, database:
        declared = ", ".join(f'"{column.name}" {column.type}' for column in columns)
        database.execute(f'CREATE TABLE "{table}" ({declared})')
        database.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(columns))})', rows)
    served = RestOffice(store, Account("jendela", "rahasia"), None, 0)
    served.start()
    atexit.register(served.stop)
    places = [[column.name for column in columns].index(name) for name in feed.source.columns]
    return served.url, [tuple(str(row[at]) for at in places) for row in rows]


WRITERS = {"files": of_file, "sql": of_sql, "letters": of_documents, "rest": of_rest}


def sqlite_inbox(ddl, folder):
    """The URL of a database in which the office ran its inbox's DDL."""
    url = f"sqlite:///{folder / 'inbox.db'}"
    engine = sa.create_engine(url)
    with engine.begin() as conn:
        for statement in ddl.split(";\n"):
            if statement.strip():
                conn.exec_driver_sql(statement)
    engine.dispose()
    return url
