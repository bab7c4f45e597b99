"""How much a letter file may ask of the reader. Whatever is beyond is refused before it is read.

The largest letter there is names some ten thousand workers in one file: 20 MB of XML, 900,000 tags.
"""

from __future__ import annotations

MAX_BYTES = 48 * 1024 * 1024
MAX_WORKERS = 20_000
MAX_FINDINGS = 50_000  # of one file; more is one mistake made everywhere

# XML: a node takes some 120 bytes of memory, an attribute 96.
MAX_TAGS = 2_400_000
MAX_ATTRIBUTES = 200_000
MAX_CHILDREN = 1_000  # of any element but the outermost: finding the place of an error counts the siblings
SMALL_FILE = 64 * 1024  # too short to hold much of anything

# JSON: an object or a list takes some 64 bytes, a value 8 and itself.
MAX_CONTAINERS = 400_000
MAX_VALUES = 4_000_000
MAX_DIGITS = 32

# Tables.
MAX_ROWS = 50_000
MAX_COLUMNS = 500
MAX_LINE = 128 * 1024
MAX_CELL = 4_000
MAX_UNPACKED = 96 * 1024 * 1024  # of an XLSX file, which is a ZIP
MAX_CELL_TAGS = 4_000_000
MAX_PARTS = 500

# PDF.
MAX_ATTACHMENTS = 50
