"""A day that was broken off never was: the books as they stood before it are kept until it is over.

Agencies are many files and databases, and no one transaction spans them. Inboxes are not put back: Jendela
may have written into them since; who answers a second time finds the answers that are there (`inboxes`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

INBOXES = ("inbox.sqlite*", "masuk")
"""What below an agency's folder is an inbox, as patterns of names."""
_KEPT = ".before_day_"


def keep(folder: Path, day: int, names: Iterable[str]) -> None:
    """Keeps what lies in these folders of the demo, inboxes apart, until `over`."""
    half = folder / f"{_KEPT}{day}.part"
    half.mkdir()
    for name in names:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, half / name, ignore=shutil.ignore_patterns(*INBOXES))
    half.replace(folder / f"{_KEPT}{day}")


def over(folder: Path) -> None:
    """Forgets every day that is kept, whole or not."""
    for kept in folder.glob(f"{_KEPT}*"):
        # Under another name first: half of it must never be put back.
        half = kept if kept.suffix == ".part" else kept.replace(kept.with_name(f"{kept.name}.part"))
        shutil.rmtree(half)


def put_back(folder: Path, days: int, names: Iterable[str]) -> None:
    """The books as they were, if a day after the `days` that have passed was broken off; else nothing."""
    kept = folder / f"{_KEPT}{days + 1}"
    if kept.is_dir():
        for name in names:
            clear(folder / name)
            if (kept / name).is_dir():
                shutil.copytree(kept / name, folder / name, dirs_exist_ok=True)
    over(folder)


def clear(place: Path) -> None:
    """Removes everything in a folder but inboxes; what a killed transaction left beside its database too."""
    if not place.is_dir():
        return
    mine = shutil.ignore_patterns(*INBOXES)(str(place), [one.name for one in place.iterdir()])
    for one in list(place.iterdir()):
        if one.name not in mine:
            shutil.rmtree(one) if one.is_dir() else one.unlink()
