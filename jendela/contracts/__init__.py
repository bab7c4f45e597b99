"""What the agencies agreed: contracts, code lists, offices and their mappings, read strictly from data files."""
