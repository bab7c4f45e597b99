"""From a worker table in PostgreSQL to accepted canonical rows and into the hub, beside other tools."""
