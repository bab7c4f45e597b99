"""PostgreSQL's indexes by block are kept up: what nights add is summed up as it comes.

Until then a block is read for every question; the server itself came to it only when a fifth of the table was
new, which is weeks of nights.
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INDEXES = ("ix_source_row_feed", "ix_record_version_seq_from")


def upgrade() -> None:
    """SQLite has ordinary indexes."""
    if op.get_bind().dialect.name == "postgresql":
        for index in INDEXES:
            op.execute(f"ALTER INDEX {index} SET (autosummarize = on)")
            op.execute(f"SELECT brin_summarize_new_values('{index}')")
