"""Two programs that share no code: Debian's xmlsec1 accepts our signatures, and we accept its own."""

from __future__ import annotations

import base64
import dataclasses
import os
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

C14N, C14N11 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
MORE, SHA256 = "http://www.w3.org/2001/04/xmldsig-more#", "http://www.w3.org/2001/04/xmlenc#sha256"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
IDS = (
    "--id-attr:Id",
    f"{XADES}:SignedProperties",
    "--id-attr:Id",
    "http://www.w3.org/2000/09/xmldsig#:KeyInfo",
)


@pytest.fixture(scope="module")
def xmlsec1():
    program = shutil.which("xmlsec1")
    if program is None:
        if os.environ.get("JENDELA_REQUIRE_SERVERS") == "1":
            pytest.fail("xmlsec1 is not installed (Debian: xmlsec1), and JENDELA_REQUIRE_SERVERS=1")
        pytest.skip("xmlsec1 is not installed (Debian: xmlsec1)")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
        )

    return run


@pytest.fixture(params=["ecdsa", "rsa"])
def signer(request, office, rsa_signer):
    return rsa_signer if request.param == "rsa" else office.rahmat


def _verified(xmlsec1, office, tmp_path, xml):
    anchor, file = tmp_path / "akar.pem", tmp_path / "surat.xml"
    anchor.write_bytes(office.root.certificate.public_bytes(Encoding.PEM))
    file.write_bytes(xml)
    time = office.signed_at.strftime("%Y-%m-%d %H:%M:%S")
    return xmlsec1("--verify", "--trusted-pem", anchor, "--verification-gmt-time", time, *IDS, file)


def test_our_signature_in_xmlsec1(xmlsec1, office, signer, tmp_path):
    done = _verified(xmlsec1, office, tmp_path, office.signed(signer))
    assert done.returncode == 0, done.stderr
    assert "SignedInfo References (ok/all): 3/3" in done.stdout + done.stderr


def test_xmlsec1_sees_a_change_too(xmlsec1, office, signer, tmp_path):
    changed = office.signed(signer).replace(b"<pesangon>45000000", b"<pesangon>15000000")
    assert _verified(xmlsec1, office, tmp_path, changed).returncode != 0


def _template(signer, canonical, transforms, properties=""):
    kind = "rsa" if signer.certificate.public_key().__class__.__name__.startswith("RSA") else "ecdsa"
    listed = "".join(f'<Transform Algorithm="{one}"/>' for one in transforms)
    reference = (
        f'<Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#sifat">'
        f'<Transforms><Transform Algorithm="{canonical}"/></Transforms>'
        f'<DigestMethod Algorithm="{SHA256}"/><DigestValue/></Reference>'
    )
    return f"""<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="tanda"><SignedInfo>
  <CanonicalizationMethod Algorithm="{canonical}"/><SignatureMethod Algorithm="{MORE}{kind}-sha256"/>
  <Reference URI=""><Transforms>
    <Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>{listed}
  </Transforms><DigestMethod Algorithm="{SHA256}"/><DigestValue/></Reference>{reference if properties else ""}
</SignedInfo><SignatureValue/><KeyInfo><X509Data/></KeyInfo>{properties}</Signature>"""


def _signed_by_xmlsec1(xmlsec1, office, signer, template, tmp_path):
    key, certificates = signer.pem(tmp_path)
    chain = certificates.read_text().split("-----END CERTIFICATE-----\n")[:-1]
    names = []
    for number, pem in enumerate(chain):
        names.append(tmp_path / f"sertifikat-{number}.pem")
        names[-1].write_text(f"{pem}-----END CERTIFICATE-----\n")
    source, signed = tmp_path / "templat.xml", tmp_path / "ditandatangani.xml"
    source.write_bytes(office.letter.replace(b"</berkas_phk>", template.encode() + b"</berkas_phk>"))
    listed = ",".join(map(str, [key, *names]))
    done = xmlsec1("--sign", "--privkey-pem", listed, *IDS, "--output", signed, source)
    assert done.returncode == 0, done.stderr
    return signed.read_bytes()


@pytest.mark.parametrize("canonical", [C14N, C14N11, EXCLUSIVE])
@pytest.mark.parametrize("named", [True, False], ids=["its transform named", "its transform implied"])
def test_a_signature_of_xmlsec1(xmlsec1, office, signer, canonical, named, tmp_path):
    template = _template(signer, canonical, [canonical] if named else [])
    signed = _signed_by_xmlsec1(xmlsec1, office, signer, template, tmp_path)
    verdict = office.verdict(signed)
    assert (verdict.status, verdict.reason, verdict.subject) == ("valid", None, "Rahmat Hidayat")
    changed = signed.replace(b"<pesangon>45000000", b"<pesangon>15000000")
    assert office.verdict(changed).reason == "signature.changed"


@pytest.mark.parametrize("canonical", [C14N, C14N11, EXCLUSIVE])
def test_namespaces_of_the_root_reach_the_signature(xmlsec1, office, canonical, tmp_path):
    """Inclusive canonicalisation signs every namespace in scope, also one that only the root declares."""
    wide = dataclasses.replace(
        office, letter=office.letter.replace(b"<berkas_phk ", b'<berkas_phk xmlns:lain="urn:lain" ')
    )
    template = _template(office.rahmat, canonical, [canonical])
    signed = _signed_by_xmlsec1(xmlsec1, wide, office.rahmat, template, tmp_path)
    assert office.verdict(signed).status == "valid"
    ours = wide.signed()
    assert office.verdict(ours).status == "valid"
    assert _verified(xmlsec1, office, tmp_path, ours).returncode == 0


@pytest.mark.parametrize("canonical", [C14N, EXCLUSIVE])
def test_what_stands_around_the_letter(xmlsec1, office, canonical, tmp_path):
    """An instruction before the root is signed with the document, a comment is not (XMLDSig 4.4.3.2)."""
    around = dataclasses.replace(
        office, letter=office.letter.replace(b"<berkas_phk ", b"<?cetak a4?>\n<!-- nota -->\n<berkas_phk ")
    )
    template = _template(office.rahmat, canonical, [canonical])
    signed = _signed_by_xmlsec1(xmlsec1, around, office.rahmat, template, tmp_path)
    assert office.verdict(signed).status == "valid"
    assert office.verdict(signed.replace(b"<!-- nota", b"<!-- NOTA")).status == "valid"
    assert office.verdict(signed.replace(b"cetak a4", b"cetak a5")).reason == "signature.changed"


@pytest.mark.parametrize("canonical", [C14N, EXCLUSIVE])
def test_xades_signed_by_xmlsec1(xmlsec1, office, signer, canonical, tmp_path):
    digest = base64.b64encode(signer.certificate.fingerprint(hashes.SHA256())).decode()
    properties = f"""<Object><x:QualifyingProperties xmlns:x="{XADES}" Target="#tanda">
  <x:SignedProperties Id="sifat"><x:SignedSignatureProperties>
    <x:SigningTime>2026-07-01T10:00:00+07:00</x:SigningTime>
    <x:SigningCertificateV2><x:Cert><x:CertDigest><DigestMethod Algorithm="{SHA256}"/>
    <DigestValue>{digest}</DigestValue></x:CertDigest></x:Cert></x:SigningCertificateV2>
  </x:SignedSignatureProperties></x:SignedProperties></x:QualifyingProperties></Object>"""
    template = _template(signer, canonical, [canonical], properties)
    verdict = office.verdict(_signed_by_xmlsec1(xmlsec1, office, signer, template, tmp_path))
    assert (verdict.status, verdict.reason) == ("valid", None)
    assert verdict.signed_at == office.signed_at
