"""A folder into which letters are dropped as files, which never change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jendela.demo.house import House, Work
from jendela.demo.shelves.files import put


@dataclass(frozen=True)
class LetterFolder:
    """What a slow office has not sent yet waits in `belum_dikirim/`; a fast one sends at once."""

    agency: str

    def fill(self, house: House, folder: Path, work: Work) -> None:
        """All that came before the first night."""
        for name, content in work.files.items():
            put(folder / self.agency / "keluar" / name, content)

    def apply(self, house: House, folder: Path, work: Work) -> None:
        """The day's letters, sent or kept; on a day of sending, those of the days before too."""
        waiting = folder / self.agency / "belum_dikirim"
        sent = folder / self.agency / "keluar"
        sends = house.sends_on(work.workday) and work.day.weekday() < 5
        for name, content in work.files.items():
            put((sent if sends else waiting) / name, content)
        if sends and waiting.is_dir():
            for file in sorted(waiting.glob("*.xml")):
                file.replace(sent / file.name)

    def url(self, folder: Path) -> str:
        """The out-folder."""
        return (folder.resolve() / self.agency / "keluar").as_uri()
