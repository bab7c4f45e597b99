"""What a job-seeker hands in for a month: the numbers of applications, their dates, the monthly meeting."""

from __future__ import annotations

from datetime import timedelta

from jendela.demo.chance import share
from jendela.demo.claims import Activity
from jendela.demo.habits import loose
from jendela.demo.tables import Row

MEETING = {"ATTENDED": "Y", "EXCUSED": "I", "NO_SHOW": "T"}


def application_numbers(activity: Activity) -> str:
    """The numbers as handed in: parted by commas, the newest first."""
    first = activity.serial * 12
    return ",".join(f"LMR-{first + place:07d}" for place in reversed(range(activity.applications)))


def proof_columns(activity: Activity) -> Row:
    """The columns of PES_AKTIVITAS about proof and meeting: all within the month, nobody missed."""
    chance = share(str(activity.serial), "proof")
    called = chance < 0.8
    return {
        "ref_lamaran": application_numbers(activity),
        "bukti_dari": loose(activity.month + timedelta(days=1 + int(chance * 9))),
        "bukti_sampai": loose(activity.month + timedelta(days=16 + int(chance * 11))),
        "tgl_pertemuan": loose(activity.month + timedelta(days=10 + int(chance * 8))) if called else None,
        "hadir_pertemuan": (MEETING["EXCUSED" if chance < 0.05 else "ATTENDED"]) if called else None,
    }
