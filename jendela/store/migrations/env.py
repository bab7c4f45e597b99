"""What Alembic runs for every command: the migrations, on the connection that `migrate` hands over."""

from __future__ import annotations

from alembic import context

from jendela.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
# The caller's transaction is the migration's: with this Alembic commits nothing itself.
with context.begin_transaction():
    context.run_migrations()
