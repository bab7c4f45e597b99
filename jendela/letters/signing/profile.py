"""The signatures that are accepted, by their XML alone: everything that is not listed here is refused.

XMLDSig has more ways to say "I signed something" than a letter needs; most attacks live in that rest. It is
code and not configuration: an installation that could allow SHA-1 would one day do so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jendela.letters.signing.verdict import Refused

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
ENVELOPED = f"{DS}enveloped-signature"

# Without comments: a comment that splits a text would be signed by one reading and unseen by another.
CANONICAL = frozenset(
    {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
    }
)
DIGESTS = frozenset(
    {
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    }
)
METHODS = {
    **{
        f"http://www.w3.org/2001/04/xmldsig-more#{kind.lower()}-sha{bits}": f"{kind}-SHA{bits}"
        for kind in ("RSA", "ECDSA")
        for bits in (256, 384, 512)
    },
    **{
        f"http://www.w3.org/2007/05/xmldsig-more#sha{bits}-rsa-MGF1": f"RSA-PSS-SHA{bits}"
        for bits in (256, 384, 512)
    },
}


@dataclass(frozen=True)
class Profile:
    """An accepted form: the algorithm's name, the certificates as base64 text, whether it is XAdES."""

    algorithm: str
    certificates: tuple[str, ...]
    xades: bool


def signatures(root: Any) -> list[Any]:
    """Every ds:Signature of a letter, wherever it stands."""
    return list(root.iter(f"{{{DS}}}Signature"))


def check_profile(root: Any) -> Profile:
    """The form of the one signature of `root`, the parsed letter.

    Raises:
        Refused: it is not the last child of the letter, does not cover the whole letter and nothing else,
            uses an algorithm that is weak or not agreed, or has parts that no letter needs.
    """
    found = signatures(root)
    if len(found) > 1:
        raise Refused("several")
    signature = found[0]
    if signature.getparent() is not root or signature.getnext() is not None:
        raise Refused("place")
    _check_text(root, signature)
    _check_ids(root)
    info = _child(signature, "SignedInfo")
    if _algorithm(_child(info, "CanonicalizationMethod")) not in CANONICAL:
        raise Refused("canonicalisation")
    method = METHODS.get(_algorithm(_child(info, "SignatureMethod")))
    digests = signature.iter(f"{{{DS}}}DigestMethod")
    if method is None or any(_algorithm(one) not in DIGESTS for one in digests):
        raise Refused("algorithm")
    for name in ("CanonicalizationMethod", "SignatureMethod"):
        if len(_child(info, name)):
            raise Refused("parameters")
    properties = _properties(signature)
    _check_references(info, signature, properties)
    return Profile(method, _certificates(signature), properties is not None)


def _check_text(root: Any, signature: Any) -> None:
    """No comment or processing instruction inside a text, and none at all in the signature."""
    from lxml import etree

    for node in root.iter(etree.Comment, etree.ProcessingInstruction):
        parent = node.getparent()
        inside = parent is not None and not any(isinstance(one.tag, str) for one in parent)
        if inside or any(one is signature for one in node.iterancestors()):
            raise Refused("comment")


def _check_ids(root: Any) -> None:
    """No two elements with one id: a reference means one element."""
    from lxml import etree

    seen: set[str] = set()
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if etree.QName(name).localname.lower() != "id":
                continue
            if value in seen:
                raise Refused("duplicate_id")
            seen.add(value)


def _properties(signature: Any) -> Any | None:
    """The XAdES SignedProperties; null in plain XMLDSig. Nothing else may lie in a signature."""
    objects = signature.findall(f"{{{DS}}}Object")
    if not objects:
        return None
    if len(objects) > 1 or len(objects[0]) != 1:
        raise Refused("objects")
    qualifying = objects[0][0]
    properties = qualifying.findall(f"{{{XADES}}}SignedProperties")
    target, own = qualifying.get("Target"), signature.get("Id")
    if (
        qualifying.tag != f"{{{XADES}}}QualifyingProperties"
        or len(properties) != 1
        or own is None
        or target != f"#{own}"
    ):
        raise Refused("objects")
    return properties[0]


def _check_references(info: Any, signature: Any, properties: Any | None) -> None:
    """One reference to the whole letter; beside it only those to the signature's own parts."""
    references = info.findall(f"{{{DS}}}Reference")
    whole = [one for one in references if one.get("URI") == ""]
    if len(whole) != 1:
        raise Refused("coverage")
    transforms = _transforms(whole[0])
    if transforms[:1] != [ENVELOPED] or not _at_most_canonical(transforms[1:]):
        raise Refused("transforms")
    parts = {_id(part): part for part in (properties, signature.find(f"{{{DS}}}KeyInfo")) if part is not None}
    referred = []
    for reference in references:
        if reference is whole[0]:
            continue
        part = parts.get(reference.get("URI"))
        if part is None or (reference.get("Type") == SIGNED_PROPERTIES) != (part is properties):
            raise Refused("reference")
        if not _at_most_canonical(_transforms(reference)):
            raise Refused("transforms")
        referred.append(part)
    if properties is not None and properties not in referred:
        raise Refused("properties")


def _id(part: Any) -> str | None:
    return f"#{part.get('Id')}" if part.get("Id") else None


def _transforms(reference: Any) -> list[str]:
    found = reference.find(f"{{{DS}}}Transforms")
    if found is None:
        return []
    if any(len(transform) for transform in found):
        raise Refused("transforms")
    return [_algorithm(transform) for transform in found]


def _at_most_canonical(transforms: list[str]) -> bool:
    return not transforms or (len(transforms) == 1 and transforms[0] in CANONICAL)


def _certificates(signature: Any) -> tuple[str, ...]:
    found = signature.findall(f"{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate")
    if not found:
        raise Refused("no_certificate")
    return tuple(certificate.text or "" for certificate in found)


def _child(parent: Any, name: str) -> Any:
    found = parent.findall(f"{{{DS}}}{name}")
    if len(found) != 1:
        raise Refused("malformed")
    return found[0]


def _algorithm(element: Any) -> str:
    return str(element.get("Algorithm"))
