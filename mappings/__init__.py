"""Data only: how each agency's columns become canonical fields, and back."""
