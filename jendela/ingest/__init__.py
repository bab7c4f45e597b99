"""The first two steps of a night: pull what the agencies changed, map it to canonical rows."""
