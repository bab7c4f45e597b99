"""Adding an office: what its source is, what a mapping of it could be, and what would come of it. Nothing is exchanged."""
