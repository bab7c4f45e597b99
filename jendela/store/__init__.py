"""The hub's memory: its database (SQLite or PostgreSQL), its encrypted artefacts, the night and its lease."""
