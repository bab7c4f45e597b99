"""What a recipient answered of late is found without a look at all it was ever sent (decision 0030)."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The new index begins with the recipient: the old one said no more."""
    op.create_index("ix_delivery_answered", "delivery", ["recipient", "delivery", "closed_seq"])
    op.drop_index("ix_delivery_recipient", table_name="delivery")
