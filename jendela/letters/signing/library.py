"""signxml, imported when it is needed and kept quiet."""

from __future__ import annotations

import logging
from base64 import b64decode
from functools import lru_cache
from typing import Any

from jendela.letters.signing.profile import CANONICAL
from jendela.letters.signing.reading import hardened
from jendela.letters.signing.whole import CANONICAL_1_0, canonical


@lru_cache(maxsize=1)
def signxml() -> Any:
    """The package `signxml`."""
    import signxml as package

    # At level DEBUG it logs every text that it canonicalises: that is the letter.
    logging.getLogger("signxml").setLevel(logging.WARNING)
    return package


@lru_cache(maxsize=1)
def xades() -> Any:
    """The package `signxml.xades`."""
    from signxml import xades as package

    signxml()
    return package


@lru_cache(maxsize=2)
def verifier(*, with_properties: bool) -> Any:
    """The class that verifies XAdES or plain XMLDSig of a signature that was cut out of its letter.

    `letter` is the root without its signature; `signed` becomes its bytes once they are found to be what was
    signed. signxml itself would read the whole letter eight times. And where lxml canonicalises a part of a
    document, by Canonical XML 1.0 and 1.1 it puts `xmlns=""` on what stands deeper in it if the namespace has
    no prefix; a part that is made a document of its own comes out right.
    """
    from lxml import etree

    library = signxml()
    base: Any = xades().XAdESVerifier if with_properties else library.XMLVerifier

    def part(self: Any, nodes: Any, algorithm: Any, inclusive_ns_prefixes: Any = None) -> Any:
        if not isinstance(nodes, list) and nodes.getparent() is not None:
            nodes = etree.fromstring(etree.tostring(nodes, with_tail=False), hardened())
        return base._c14n(self, nodes, algorithm, inclusive_ns_prefixes)

    def reference(self: Any, reference: Any, index: int, *rest: Any) -> Any:
        if reference.get("URI") != "":
            return base._verify_reference(self, reference, index, *rest)
        names = [one.get("Algorithm") for one in self._findall(reference, "Transform", xpath=".//")]
        digest = library.DigestAlgorithm(self._find(reference, "DigestMethod").get("Algorithm"))
        self.check_digest_alg_expected(digest)
        found = canonical(self.letter, names[-1] if names[-1] in CANONICAL else CANONICAL_1_0)
        if b64decode(self._find(reference, "DigestValue").text) != self._get_digest(found, digest):
            raise library.InvalidDigest
        self.signed = found
        return library.VerifyResult(found, None, None, b"")

    return type("Verifier", (base,), {"_c14n": part, "_verify_reference": reference, "signed": None})
