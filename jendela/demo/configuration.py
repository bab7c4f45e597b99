"""The configuration of a hub that serves the demo agencies: its state lies beside them."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap

from jendela.demo.country import FIRST, Country

CENTRE = ("bpjs", "kemnaker")
TEXT = """\
# The hub of the demo agencies. Credentials are not here: see connections.env.
state: state
first_night: {first_night}
offices: [{offices}]
# The demo makes its own key in state/keys; a real hub has JENDELA_KEY or key_file instead.
make_key: true
pull_attempts: 2
pull_pause_seconds: 1
"""


def write(folder: Path, first_night: str, place: Country = FIRST) -> Path:
    """`jendela.yaml` in the demo folder; its path."""
    file = folder / "jendela.yaml"
    offices = wrap(", ".join((*CENTRE, *place.offices)), 100, subsequent_indent=" " * 10)
    file.write_text(TEXT.format(first_night=first_night, offices="\n".join(offices)), encoding="utf-8")
    return file
