"""Data only: the contracts, code lists and schemas that the agencies agreed."""
