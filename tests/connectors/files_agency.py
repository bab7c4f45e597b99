"""Agencies that export files into a folder of this machine, and keep an inbox folder."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import replace

from connectors.files import FilesConnector
from connectors.letters import LettersConnector
from tests.connectors.agency import (
    ANSWER,
    COLUMNS,
    ENVELOPE,
    INBOX_COLUMNS,
    NIGHT,
    WORKERS,
    Agency,
    outgoing,
    source,
)

OFFLINE = {"files": (FilesConnector, "file:///nowhere"), "letters": (LettersConnector, "file:///nowhere")}


@contextmanager
def csv_folder(folder):
    """An agency that exports semicolons in windows-1252."""
    options = {"delimiter": ";", "encoding": "windows-1252"}
    _write(folder / "kerja.csv", [COLUMNS, *WORKERS])

    def answer(answers):
        _write(folder / f"jdl_surat_{NIGHT}_bpjs.ack.csv", [ANSWER, *answers])

    def delivered():
        with (folder / f"jdl_surat_{NIGHT}_bpjs.csv").open(encoding="windows-1252", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter=";"))
        names = (*ENVELOPE, *INBOX_COLUMNS)
        return [{name: row[name] or None for name in names} for row in rows]

    feed = source(path="kerja*.csv", options=options)
    yield Agency(
        FilesConnector("bpjs", f"file://{folder}"),
        feed,
        outgoing(**options),
        answer,
        delivered,
        broken=[replace(feed, columns=("NIK",)), replace(feed, options={})],
    )


def _write(path, rows):
    with path.open("w", encoding="windows-1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


AGENCIES = {"csv": csv_folder}
SERVERS = set()
