"""The auditor's report of a night, and what the terminal shows of it."""

from __future__ import annotations

from jendela.report.write import render, write

__all__ = ["render", "write"]
