"""The hub database's versions. `migrate` brings a database to the newest; there is no alembic.ini."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from jendela.crypto.keyring import Keyring
from jendela.store.engine import READING

# Any number that nobody else uses as an advisory lock in the hub's database.
MIGRATION_LOCK = 0x4A454E44


def migrate(engine: Engine, keyring: Keyring | None = None) -> None:
    """The database has the newest version; several processes may ask at once. Cheap when it has it.

    Raises:
        KeyMissingError: an older one has something to be sealed or hashed, and no `keyring` is given.
    """
    config = Config()
    config.set_main_option("script_location", "jendela.store:migrations")
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect().execution_options(**{READING: True}) as conn:
        if _version(conn) == newest:
            return
    with engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        if _version(conn) != newest:
            config.attributes.update(connection=conn, keyring=keyring)
            command.upgrade(config, "head")


def _version(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()
