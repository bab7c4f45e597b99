"""The migrations make exactly the tables that the code uses, on both databases, and may run side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from jendela.store.engine import make_engine
from jendela.store.migrations import migrate
from jendela.store.tables import metadata


def test_the_migrated_schema_is_the_schema_of_the_code(hub):
    """Alembic finds nothing to change: no column, type, key or index differs."""
    with hub.engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        ours = [
            change for change in compare_metadata(context, metadata) if "alembic_version" not in str(change)
        ]
    assert ours == []


def test_a_second_migration_changes_nothing(hub):
    """Every process migrates when it starts; from the second on it finds the newest version."""
    migrate(hub.engine)
    with hub.engine.connect() as conn:
        assert MigrationContext.configure(conn).get_current_revision() == "0016"


def test_processes_that_start_together_migrate_once(settings):
    """Eight tasks of Airflow's open an empty hub at the same moment: all find it migrated."""
    settings.state.mkdir()
    engines = [make_engine(settings.database_url) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(migrate, engines))
    for engine in engines:
        with engine.connect() as conn:
            assert MigrationContext.configure(conn).get_current_revision() == "0016"
        engine.dispose()
