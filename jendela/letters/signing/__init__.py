"""Signatures of letters: XMLDSig and XAdES-BES, enveloped in the agreed XML, judged against trust anchors."""

from jendela.letters.signing.signer import sign
from jendela.letters.signing.trust import Trust, load_trust
from jendela.letters.signing.verdict import Status, Verdict
from jendela.letters.signing.verifier import is_signed, verify

__all__ = ["Status", "Trust", "Verdict", "is_signed", "load_trust", "sign", "verify"]
