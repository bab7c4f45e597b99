"""Supplements of a night, guards of a feed and an office, and the business date of dated files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAME = sa.String(120)
UNNAMED = {"uq": "uq_%(table_name)s_%(column_0_name)s"}  # what SQLite calls the constraint of 0001


def upgrade() -> None:
    """A night and its receipts are known by day and supplement; what there is is supplement 0."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("night", naming_convention=UNNAMED) as night:
        night.add_column(_supplement())
        night.drop_constraint("uq_night_day" if on_sqlite else "night_day_key", type_="unique")
        night.create_unique_constraint("uq_night_day_supplement", ["day", "supplement"])
    with op.batch_alter_table("night_lease") as lease:
        lease.add_column(_supplement())
    with op.batch_alter_table("receipt") as receipt:
        receipt.add_column(_supplement())
        receipt.drop_constraint("pk_receipt", type_="primary")
        receipt.create_primary_key("pk_receipt", ["day", "supplement", "step", "scope"])
    with op.batch_alter_table("batch") as batch:
        batch.add_column(sa.Column("guard", sa.String(12)))
        batch.add_column(sa.Column("decided_by", NAME))
        batch.add_column(sa.Column("decided_why", sa.Text()))
        batch.add_column(sa.Column("decided_seq", sa.Integer()))
        batch.add_column(sa.Column("taken_from", sa.String(64)))
    op.create_table(
        "breaker_reset",
        sa.Column("office", NAME, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office", name="pk_breaker_reset"),
    )
    op.add_column("feed_state", sa.Column("as_of", sa.String(10)))
    op.add_column("source_row", sa.Column("as_of", sa.String(10)))


def _supplement() -> sa.Column[int]:
    return sa.Column("supplement", sa.Integer(), nullable=False, server_default=sa.text("0"))
