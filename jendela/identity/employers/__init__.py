"""Employers: one establishment under the numbers and names that each side knows it by.

An employer is an establishment: head office and branch share NIB, tax number and name, and have an NPP and a
WLKP code each. The legal entity that unites them is in `entities`. Rules: docs/reference/employers.md.
"""

from jendela.identity.employers.keys import employer_keys
from jendela.identity.employers.links import employer_edges
from jendela.identity.employers.naming import core_name
from jendela.identity.employers.standard import standard_employers

__all__ = ["core_name", "employer_edges", "employer_keys", "standard_employers"]
