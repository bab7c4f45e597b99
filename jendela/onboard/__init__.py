"""Adding an office: what its source is, a mapping for it, what would come of it; nothing is exchanged."""
