"""Letters between their two forms: data with English names, XML with Indonesian ones. Nothing is lost.

Data are dicts, lists, texts, ints, `Decimal` and bools; dates are texts YYYY-MM-DD. What has no place in the
form is an error, never dropped; a value of the right type that is wrong is written as it is, for the schema
to judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from jendela.letters.agreement.contract import HERE, Contract, Field, Part
from jendela.letters.agreement.json_schema import CASE, abbreviated
from jendela.letters.agreement.versions import contract_of


class FormError(ValueError):
    """Data or XML that the form has no place for. Says where (by known names) and why, never the value."""

    def __init__(self, path: str, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(f"{path or 'letter'} {problem}")


def to_xml(document: Mapping[str, Any], edition: Contract | None = None) -> Any:
    """The letter as an lxml element `berkas_phk`; `from_xml` gives the same data back.

    Without `edition` it is the one that the document's `schema_version` names.

    Raises:
        FormError: a name that the edition does not have, a list where one value stands, or a character XML
        cannot have.
    """
    from lxml import etree

    agreed = edition if edition is not None else contract_of(document.get("schema_version"))
    writer = _Writer(agreed)
    root = etree.Element(writer.tag(agreed.root), nsmap={None: agreed.namespace})
    letter = {key: value for key, value in document.items() if key != CASE}
    writer.write(root, agreed.letter.fields, letter, "")
    if CASE in document:
        below = etree.SubElement(root, writer.tag(agreed.case.xml))
        writer.write(below, agreed.case.fields, _object(document[CASE], CASE), CASE)
    return root


class _Writer:
    def __init__(self, agreed: Contract) -> None:
        self.space = agreed.namespace

    def tag(self, name: str) -> str:
        return f"{{{self.space}}}{name}"

    def write(self, parent: Any, fields: tuple[Field, ...], data: Mapping[str, Any], path: str) -> None:
        keys, _ = _layout(fields)
        for key in data:
            if key not in keys:
                raise FormError(path, "has a name that the agreed form does not have.")
        for field in fields:
            self.field(parent, field, data, path)

    def field(self, parent: Any, field: Field, data: Mapping[str, Any], path: str) -> None:
        from lxml import etree

        if field.inline:
            below = etree.SubElement(parent, self.tag(field.xml))
            for one in field.fields:
                self.field(below, one, data, path)
            return
        if field.name not in data:
            return
        value, here = data[field.name], f"{path}.{field.name}".lstrip(".")
        if field.kind == "list":
            if not isinstance(value, list) or not value:
                raise FormError(here, "is a list; without anything in it, leave it out.")
            for number, item in enumerate(value):
                below = etree.SubElement(parent, self.tag(field.xml))
                whole = (
                    {abbreviated(field): item}
                    if abbreviated(field) and not isinstance(item, Mapping)
                    else item
                )
                self.write(below, field.fields, _object(whole, here), f"{here}[{number}]")
        elif field.kind == "object":
            below = parent if field.xml == HERE else etree.SubElement(parent, self.tag(field.xml))
            self.write(below, field.fields, _object(value, here), here)
        else:
            self.value(parent, field, value, here)

    def value(self, parent: Any, field: Field, value: Any, path: str) -> None:
        from lxml import etree

        if field.fixed is not None and value == field.fixed:
            value = field.xml_fixed
        text = _text(field, value, path)
        try:
            if field.xml.startswith("@"):
                parent.set(field.xml[1:], text)
            elif field.xml == HERE:
                parent.text = text
            else:
                etree.SubElement(parent, self.tag(field.xml)).text = text
        except ValueError:
            raise FormError(path, "has a character that a letter cannot have.") from None


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise FormError(path, "is an object.")
    return value


def _text(field: Field, value: Any, path: str) -> str:
    if field.kind == "yes":
        if isinstance(value, bool):
            return "true" if value else "false"
        raise FormError(path, "is true or false.")
    if field.kind in ("money", "times", "count"):
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            number = Decimal(str(value))
            if number.is_finite():
                return str(int(number)) if number == number.to_integral_value() else f"{number:f}"
        raise FormError(path, "is a number.")
    if isinstance(value, str):
        return value
    raise FormError(path, "is text: put it in quotes.")


@lru_cache(maxsize=256)
def _layout(fields: tuple[Field, ...]) -> tuple[frozenset[str], dict[str, Field]]:
    """The keys that the data of these fields may have, and the fields by element, `@attribute` or `.`."""
    keys: set[str] = set()
    by_xml: dict[str, Field] = {}
    for field in fields:
        keys |= {one.name for one in field.fields} if field.inline else {field.name}
        by_xml[field.xml] = field
    return frozenset(keys), by_xml


def from_xml(root: Any, edition: Contract | None = None) -> dict[str, Any]:
    """The data of a letter that the XSD accepts; the signature is not part of them.

    Without `edition` it is the one whose namespace the root has. Texts are read as the form's type xs:token
    has them: one blank between words.

    Raises:
        FormError: an element or attribute that the edition does not have, or a value that is not of its type.
    """
    from lxml import etree

    agreed = edition if edition is not None else contract_of(etree.QName(root).namespace)
    reader = _Reader(agreed)
    if root.tag != reader.tag(agreed.root):
        raise FormError("", f"is not {agreed.root} of this edition.")
    document = reader.read(root, agreed.letter.fields, "", reader.foreign(agreed.case))
    case = root.find(reader.tag(agreed.case.xml))
    if case is not None:
        document[CASE] = reader.read(case, agreed.case.fields, CASE, frozenset())
    return document


class _Reader:
    def __init__(self, agreed: Contract) -> None:
        self.space, self.cut = agreed.namespace, len(agreed.namespace) + 2

    def tag(self, name: str) -> str:
        return f"{{{self.space}}}{name}"

    def foreign(self, case: Part) -> frozenset[str]:
        """The elements below the root that are not the letter's own."""
        return frozenset({self.tag(case.xml), "{http://www.w3.org/2000/09/xmldsig#}Signature"})

    def read(
        self, element: Any, fields: tuple[Field, ...], path: str, skip: frozenset[str]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        homes = _homes(fields)
        if HERE in homes:
            self.take(found, homes[HERE], element.text, path)
        for name, text in element.attrib.items():
            self.take(found, homes.get(f"@{name}"), text, path)
        for child in element.iterchildren(tag="*"):
            if child.tag in skip:
                continue
            known = child.tag[self.cut :] if child.tag.startswith(f"{{{self.space}}}") else ""
            self.child(found, homes.get(known), child, path)
        return _ordered(found, fields)

    def child(self, found: dict[str, Any], home: _Home | None, child: Any, path: str) -> None:
        if home is None:
            raise FormError(path, "has an element that the agreed form does not have.")
        holder, field = _holder(found, home), home[1]
        here = f"{path}.{field.name}".lstrip(".")
        if field.inline:
            holder.update(self.read(child, field.fields, path, frozenset()))
        elif field.kind == "list":
            item: Any = self.read(child, field.fields, here, frozenset())
            short = abbreviated(field)
            holder.setdefault(field.name, []).append(item[short] if short and set(item) == {short} else item)
        elif field.kind == "object":
            holder[field.name] = self.read(child, field.fields, here, frozenset())
        else:
            self.take(found, home, child.text, path)

    def take(self, found: dict[str, Any], home: _Home | None, text: str | None, path: str) -> None:
        if home is None:
            raise FormError(path, "has an attribute that the agreed form does not have.")
        holder, field = _holder(found, home), home[1]
        if field.name in holder:
            raise FormError(f"{path}.{field.name}".lstrip("."), "is given twice.")
        holder[field.name] = _value(field, collapse(text or ""), f"{path}.{field.name}".lstrip("."))


# Where an element's value goes: the keys of the objects around it that have no element of their own, and its
# field.
_Home = tuple[tuple[str, ...], Field]


@lru_cache(maxsize=256)
def _homes(fields: tuple[Field, ...]) -> dict[str, _Home]:
    homes: dict[str, _Home] = {}
    for field in fields:
        if field.kind == "object" and field.xml == HERE:
            homes |= {xml: ((field.name, *keys), one) for xml, (keys, one) in _homes(field.fields).items()}
        else:
            homes[field.xml] = ((), field)
    return homes


def _holder(found: dict[str, Any], home: _Home) -> dict[str, Any]:
    for key in home[0]:
        found = found.setdefault(key, {})
    return found


def _ordered(found: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """In the order of the contract, which attributes and objects without an element may have left."""
    order = [one.name for field in fields for one in (field.fields if field.inline else (field,))]
    return {name: found[name] for name in order if name in found}


def collapse(text: str) -> str:
    """One blank between words, none around them: blank, tab and line end only, as XML has it."""
    return " ".join(part for part in text.translate(_TO_BLANK).split(" ") if part)


_TO_BLANK = str.maketrans("\t\r\n", "   ")


def _value(field: Field, text: str, path: str) -> Any:
    if field.kind == "yes":
        if text in ("true", "1", "false", "0"):
            return text in ("true", "1")
        raise FormError(path, "is not true or false.")
    if field.kind == "count":
        if text.lstrip("+-").isdecimal() and text.isascii():
            return int(text)
        raise FormError(path, "is not a whole number.")
    if field.kind in ("money", "times"):
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise FormError(path, "is not a number.") from None
        return int(number) if number == number.to_integral_value() else number.normalize()
    return field.fixed if field.fixed is not None and text == field.xml_fixed else text
