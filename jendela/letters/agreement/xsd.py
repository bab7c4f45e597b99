"""The XSD of an edition, written from its contract: names, order, types and codes are the contract's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from jendela.letters.agreement.contract import HERE, Contract, Field

XS = "http://www.w3.org/2001/XMLSchema"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
HEAD = """
  The agreed termination letter (surat PHK), written from the contract by `python -m
  jendela.letters.agreement`: do not edit it. One document is one letter event: the facts of the letter, the
  employer, one or more workers, and, where the office has already received the report, its receipt. Element
  names are Indonesian, code values are the agreed ones. What a kind of letter or a reason needs beyond this,
  and rules that join two fields, are judged by the letter check, by the law in force on the effective date.
"""


def xsd(contract: Contract) -> bytes:
    """The schema as UTF-8 bytes, the same for the same contract and code lists.

    Raises:
        ValueError: two fields give one type name different contents.
    """
    from lxml import etree

    schema = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS, None: contract.namespace})
    schema.set("targetNamespace", contract.namespace)
    schema.set("elementFormDefault", "qualified")
    schema.set("version", contract.version)
    letter, case = contract.letter, contract.case
    root = _add(_add(schema, "element", name=contract.root), "complexType")
    order = _add(root, "sequence")
    for field in letter.fields:
        if not field.xml.startswith("@"):
            _element(order, field)
    _add(order, "element", name=case.xml, type=case.xml, minOccurs="0")
    _add(order, "any", namespace=DSIG, processContents="lax", minOccurs="0")
    _attributes(root, letter.fields)
    for many in letter.fields:
        for key in many.fields:
            if key.unique:
                unique = _add(root.getparent(), "unique", name=f"{key.xml.lstrip('@')}_{many.xml}")
                _add(unique, "selector", xpath="*")
                _add(unique, "field", xpath=key.xml)
    types = _Types(contract, schema)
    for field in letter.fields:
        types.define(field)
    types.composite(case.xml, case.fields)
    etree.indent(schema)
    schema.insert(0, etree.Comment(HEAD))
    schema[0].tail = "\n  "
    text: bytes = etree.tostring(schema.getroottree(), encoding="UTF-8", xml_declaration=True)
    return (
        text.replace(b"<?xml version='1.0' encoding='UTF-8'?>", b'<?xml version="1.0" encoding="UTF-8"?>')
        + b"\n"
    )


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    from lxml import etree

    return etree.SubElement(parent, f"{{{XS}}}{tag}", attributes)


def _element(order: Any, field: Field, explained: bool = True) -> None:
    more = {} if field.required else {"minOccurs": "0"}
    if field.kind == "list":
        more["maxOccurs"] = "unbounded"
    element = _add(order, "element", name=field.xml, type=type_name(field), **more)
    if not explained:
        return
    note = _add(element, "annotation")
    for language, text in (("id", field.description_id), ("en", field.description_en)):
        said = _add(note, "documentation")
        said.set("{http://www.w3.org/XML/1998/namespace}lang", language)
        said.text = text


def _attributes(parent: Any, fields: Iterable[Field]) -> None:
    for field in fields:
        if field.xml.startswith("@"):
            more = {"type": type_name(field)} if field.xml_fixed is None else {"fixed": field.xml_fixed}
            if field.required:
                more["use"] = "required"
            _add(parent, "attribute", name=field.xml[1:], **more)


def members(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields with an element or attribute of their own, in order: an object that is `.` gives its own."""
    for field in fields:
        if field.kind == "object" and field.xml == HERE:
            yield from members(field.fields)
        else:
            yield field


def type_name(field: Field) -> str:
    """The name of the field's type: the one it states, one by its length or kind, or that of its element."""
    if field.xml_type:
        return field.xml_type
    if field.kind == "text" and field.pattern is None:
        return f"teks{field.max_length}"
    if field.kind == "count":
        return f"bilangan_{field.minimum}_{field.maximum}"
    known = {"date": "tanggal", "money": "rupiah", "times": "pengali", "yes": "xs:boolean"}
    return known.get(field.kind, field.xml.lstrip("@"))


class _Types:
    """The named types below the root, each written once."""

    def __init__(self, contract: Contract, schema: Any) -> None:
        self.contract, self.schema = contract, schema
        self.seen: dict[str, Any] = {}
        # A type that several elements share is explained by none of them.
        self.uses = Counter(
            type_name(field) for part in (contract.letter, contract.case) for field in part.walk()
        )

    def define(self, field: Field) -> None:
        """The type of a field, after those inside it."""
        if field.xml_fixed is not None:
            return
        if field.leaf:
            self.simple(field)
        else:
            self.composite(type_name(field), field.fields)

    def composite(self, name: str, fields: tuple[Field, ...]) -> None:
        """The type of an object."""
        own = list(members(fields))
        shape = [(one.xml, type_name(one), one.required, one.kind) for one in own]
        if self._known(name, shape):
            return
        element = _add(self.schema, "complexType", name=name)
        for one in own:
            self.define(one)
        text = [one for one in own if one.xml == HERE]
        if text:
            extension = _add(_add(element, "simpleContent"), "extension", base=type_name(text[0]))
            _attributes(extension, own)
            return
        order = _add(element, "sequence")
        for one in own:
            if not one.xml.startswith("@"):
                _element(order, one, explained=self.uses[name] <= 1)
        _attributes(element, own)

    def simple(self, field: Field) -> None:
        """The type of a value. Text is a token: one blank between words, none around them."""
        name = type_name(field)
        facets = self._facets(field)
        if name.startswith("xs:") or self._known(name, facets):
            return
        base = {"date": "xs:date", "money": "xs:decimal", "times": "xs:decimal", "count": "xs:integer"}
        restriction = _add(
            _add(self.schema, "simpleType", name=name), "restriction", base=base.get(field.kind, "xs:token")
        )
        for facet, value in facets:
            _add(restriction, facet, value=value)

    def _facets(self, field: Field) -> list[tuple[str, str]]:
        if field.codes and field.enumerated:
            return [("enumeration", code.code) for code in self.contract.codes[field.codes].entries]
        if field.pattern is not None:
            return [("pattern", field.pattern.removeprefix("^").removesuffix("$"))]
        if field.kind == "date":
            return [("pattern", "[0-9]{4}-[0-9]{2}-[0-9]{2}")]  # a local date: never with a zone
        if field.kind in ("money", "times", "count"):
            limits = [("minInclusive", str(field.minimum)), ("maxInclusive", str(field.maximum))]
            return limits if field.kind == "count" else [*limits, ("fractionDigits", "2")]
        return [("minLength", "1"), ("maxLength", str(field.max_length))]

    def _known(self, name: str, shape: Any) -> bool:
        if name not in self.seen:
            self.seen[name] = shape
            return False
        if self.seen[name] != shape:
            raise ValueError(f"The type {name} has two contents: give one of its fields another xmlType.")
        return True
