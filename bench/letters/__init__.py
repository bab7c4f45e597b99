"""Letter checks beside what nobody can do without: parsing the same files and judging them by the XSD."""
