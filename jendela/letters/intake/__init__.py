"""Every form a letter takes becomes one frame of letters: XML, JSON, CSV, XLSX, PDF, rows of a database.

The files are of strangers: each is refused in bounded time and memory, with what is wrong and what to do.
"""

from jendela.letters.intake.take import Batch, take_in, take_rows
from jendela.letters.intake.typed import Intake

__all__ = ["Batch", "Intake", "take_in", "take_rows"]
