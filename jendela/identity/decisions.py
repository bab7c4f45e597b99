"""What people decide of two records, by the words in which the hub keeps it."""

MUST, CANNOT = "must_link", "cannot_link"
