"""The office of Kota Jayapura: letters in the agreed form, sent when the line is up, some days' at once."""

from __future__ import annotations

from jendela.demo.house import House
from jendela.demo.shelves.inboxes import FolderInbox
from jendela.demo.shelves.letter_folder import LetterFolder

AGENCY = "dinas_9171"
HOUSE = House(
    region="9171",
    receipts=("560/{n:04d}/DTK-JPR/{year}", 120),
    shelf=LetterFolder(AGENCY),
    inbox=FolderInbox(AGENCY),
    slow=True,
)
