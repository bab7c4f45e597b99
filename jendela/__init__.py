"""Jendela: one window on employment terminations for BPJS Ketenagakerjaan and the labour offices."""
