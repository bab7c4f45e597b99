"""Canonical identifiers, errors, receipts, settings and ports. Imports nothing else of Jendela."""
