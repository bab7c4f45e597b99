"""What all tables of the hub share: the catalogue they are in, and the types of ids and names."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData, String

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)
ID = String(64)
NAME = String(120)
NUMBER = BigInteger().with_variant(Integer, "sqlite")  # as a primary key SQLite keeps the row itself by it
