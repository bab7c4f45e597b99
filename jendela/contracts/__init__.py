"""What the agencies agreed: contracts, code lists, offices, mappings; read strictly from data files."""
