"""One side of the benchmark, as a process: `python -m bench.ingest.side NAME SCHEMA SMALL FOLDER [HUB]`.

First it does everything once over the small table in the schema SMALL, which imports what it needs; then
it works, and prints its figures as JSON in its last line: by part, wall and CPU seconds of the process
(the database server's are not in it), and its peak memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.ingest.table import SERVER, TABLE, url

Part = tuple[str, Callable[[], object]]


PLAIN = SERVER.replace("+psycopg", "")
LOADED = ("source_row", "record_version", "person_version")
BINARY = "(FORMAT binary)"
SAMPLE = 20_000  # rows of executemany: enough to know how slow it is


def jendela(schema: str, folder: Path, hub_url: str = "") -> Iterator[Part]:
    """The three steps of a night, and the merge of what they accepted where a hub is named."""
    from bench.ingest import ours
    from jendela.ingest import map as mapping
    from jendela.ingest import pull
    from jendela.register import merge
    from jendela.validate import rows

    with ours.opened(folder, url(schema), hub_url) as hub:
        yield "pull", lambda: pull.run(hub, ours.NIGHT, ours.OFFICE)
        yield "map", lambda: mapping.run(hub, ours.NIGHT, ours.OFFICE)
        yield "validate", lambda: rows.run(hub, ours.NIGHT, ours.OFFICE)
        ours.judged(hub)
        yield "merge", lambda: merge.run(hub, ours.NIGHT)
        ours.check(hub)


def dlt(backend: str) -> Callable[[str, Path], Iterator[Part]]:
    """`dlt`'s `sql_database` to Parquet files: no mapping, no check, no encryption."""

    def side(schema: str, folder: Path) -> Iterator[Part]:
        import os

        os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
        import connectorx
        import dlt as tool
        import pyarrow.parquet
        from dlt.sources.sql_database import sql_table

        assert connectorx
        assert pyarrow
        more: dict[str, Any] = {}
        if backend == "connectorx":
            more["backend_kwargs"] = {"conn": PLAIN, "return_type": "arrow"}
        pipeline = tool.pipeline(
            "bench",
            destination=tool.destinations.filesystem(bucket_url=f"file://{folder}/out"),
            dataset_name="bench",
            pipelines_dir=str(folder / "pipelines"),
        )
        table = sql_table(
            credentials=url(schema), schema=schema, table=TABLE, backend=backend, chunk_size=100_000, **more
        )
        yield "copy", lambda: pipeline.run(table, loader_file_format="parquet")
        assert list(folder.rglob("*.parquet"))

    return side


def connectorx(schema: str, folder: Path) -> Iterator[Part]:
    """The bare read into Arrow, in memory."""
    import connectorx as tool

    yield "read", lambda: tool.read_sql(PLAIN, f"SELECT * FROM {schema}.{TABLE}", return_type="arrow")


def copy(schema: str, folder: Path) -> Iterator[Part]:
    """The bare COPY of the server, thrown away."""
    import psycopg

    with psycopg.connect(PLAIN) as conn:

        def drain() -> None:
            with conn.cursor().copy(f"COPY {schema}.{TABLE} TO STDOUT (FORMAT csv)") as out:
                for _ in out:
                    pass

        yield "drain", drain


def reload(schema: str, folder: Path) -> Iterator[Part]:
    """What the merge loaded, loaded once more into tables like those: by binary COPY and by executemany."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(url(schema).replace("+psycopg", "")) as conn:
        folder.mkdir(parents=True)
        for table in LOADED:
            written = f"COPY {table} TO STDOUT {BINARY}"
            with (folder / table).open("wb") as out, conn.cursor().copy(written) as rows:
                for row in rows:
                    out.write(row)
            conn.execute(f"CREATE TABLE copied_{table} (LIKE {table} INCLUDING ALL)")
            conn.execute(f"CREATE TABLE executed_{table} (LIKE {table} INCLUDING ALL)")
        conn.commit()

        def copied() -> None:
            for table in LOADED:
                with (
                    (folder / table).open("rb") as rows,
                    conn.cursor().copy(f"COPY copied_{table} FROM STDIN {BINARY}") as to,
                ):
                    while block := rows.read(1 << 20):
                        to.write(block)
            conn.commit()

        def executed() -> None:
            for table, rows in sample.items():
                marks = sql.SQL(", ").join([sql.Placeholder()] * len(rows[0]))
                insert = sql.SQL("INSERT INTO {} VALUES ({})").format(
                    sql.Identifier(f"executed_{table}"), marks
                )
                conn.cursor().executemany(insert, rows)
            conn.commit()

        yield "copy", copied
        sample = {table: conn.execute(f"SELECT * FROM {table} LIMIT {SAMPLE}").fetchall() for table in LOADED}
        yield "executemany", executed


SIDES: dict[str, Callable[..., Iterator[Part]]] = {
    "jendela": jendela,
    "dlt-connectorx": dlt("connectorx"),
    "dlt-pyarrow": dlt("pyarrow"),
    "connectorx": connectorx,
    "copy": copy,
    "reload": reload,
}


def main(name: str, schema: str, small: str, folder: str, *hub: str) -> None:
    """Perform the parts of one side, each timed; before that all of it once over a small table, untimed."""
    if small:
        for _, act in SIDES[name](small, Path(folder) / "small", *(url(small) for _ in hub)):
            act()
    parts = []
    for part, act in SIDES[name](schema, Path(folder) / "timed", *hub):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        parts.append(
            {
                "part": part,
                "wall": time.perf_counter() - wall,
                "cpu": time.process_time() - cpu,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    print(json.dumps(parts))


if __name__ == "__main__":
    main(*sys.argv[1:])
