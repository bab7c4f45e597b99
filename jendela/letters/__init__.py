"""Termination letters as XML: reading, checking, signing, rendering."""
