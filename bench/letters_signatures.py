"""Signatures of letters: how many in a second on one core, and what one over a mass lay-off needs.

`python -m bench.letters_signatures [--seconds 3] [--workers 10000]`
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from jendela.letters.rendering import render
from jendela.letters.signing import Trust, sign, verify

EXAMPLE = (Path(__file__).parents[1] / "docs" / "examples" / "surat_phk.xml").read_bytes()
NOW = datetime.now(UTC).replace(microsecond=0)


def certificate(name: str, key: Any, issuer: str, by: Any, *, ca: bool) -> x509.Certificate:
    """A certificate for this run."""
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)]) for one in (name, issuer)]
    return (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False), critical=True)
        .sign(by, hashes.SHA256())
    )


def rate(what: str, act: Callable[[], object], seconds: float) -> None:
    """Perform `act` for some CPU seconds and print how often it was done in a second of one core."""
    act()
    begun, count = time.process_time(), 0
    while time.process_time() - begun < seconds:
        act()
        count += 1
    print(f"  {what:<34}{count / (time.process_time() - begun):10,.0f} a CPU second")


def mass(workers: int) -> bytes:
    """The example about so many workers."""
    start, end = EXAMPLE.index(b"  <pekerja"), EXAMPLE.index(b"</pekerja>\n") + len(b"</pekerja>\n")
    one = EXAMPLE[start:end]
    many = b"".join(one.replace(b'urut="1"', b'urut="%d"' % place) for place in range(1, workers + 1))
    return EXAMPLE[:start] + many + EXAMPLE[end:]


def peak() -> float:
    """The process's peak memory so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """One-worker letters first, then one about many workers."""
    parser = argparse.ArgumentParser(prog="python -m bench.letters_signatures")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--workers", type=int, default=10_000)
    asked = parser.parse_args()
    above = ec.generate_private_key(ec.SECP256R1())
    trust = Trust((certificate("Otoritas Uji", above, "Otoritas Uji", above, ca=True),))
    keys: dict[str, Any] = {
        "ECDSA P-256": ec.generate_private_key(ec.SECP256R1()),
        "RSA 2048": rsa.generate_private_key(65537, 2048),
    }
    chain: list[x509.Certificate] = []
    for name, key in keys.items():
        chain = [certificate("Rahmat Hidayat", key, "Otoritas Uji", above, ca=False)]
        signed = sign(EXAMPLE, key, chain, NOW)
        assert verify(signed, trust).status == "valid"
        rate(f"sign, {name}", lambda k=key, c=chain: sign(EXAMPLE, k, c, NOW), asked.seconds)
        rate(f"verify, {name}", lambda s=signed: verify(s, trust), asked.seconds)
    rate("unsigned, found to be so", lambda: verify(EXAMPLE, trust), asked.seconds)
    rate("worker's copy (PDF)", lambda: render(EXAMPLE), asked.seconds)
    many = mass(asked.workers)
    print(
        f"one letter about {asked.workers:,} workers, {len(many) / 2**20:.0f} MB; peak so far {peak():.0f} MB"
    )
    begun = time.perf_counter()
    signed = sign(many, keys["RSA 2048"], chain, NOW)
    print(f"  {'sign':<34}{time.perf_counter() - begun:10.1f} s, peak {peak():.0f} MB")
    begun = time.perf_counter()
    assert verify(signed, trust).status == "valid"
    print(f"  {'verify':<34}{time.perf_counter() - begun:10.1f} s, peak {peak():.0f} MB")


if __name__ == "__main__":
    main()
