"""The agreement on the letter: its contract, and everything that is written or read by it."""

from jendela.letters.agreement.contract import Contract, Field, Requirement, contract
from jendela.letters.agreement.json_schema import json_schema
from jendela.letters.agreement.versions import UnknownEdition, contract_of, version_of, versions
from jendela.letters.agreement.xml_form import FormError, from_xml, to_xml
from jendela.letters.agreement.xsd import xsd

__all__ = [
    "Contract",
    "Field",
    "FormError",
    "Requirement",
    "UnknownEdition",
    "contract",
    "contract_of",
    "from_xml",
    "json_schema",
    "to_xml",
    "version_of",
    "versions",
    "xsd",
]
