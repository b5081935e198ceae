"""Software keys in the place of professional cards, made for one test session."""

from __future__ import annotations

import datetime
import functools

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from amarre.interop.ins.insi import CardHolder, CpxCard, SoftwareSigner

HOLDER = CardHolder("899700000054", "990000028", "SA07")
PHYSICIAN = CardHolder("899700000054", "990000028", "SA07", physician=True, code_specialite="01")


@functools.cache
def signer() -> SoftwareSigner:
    """Return a self-signed card."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "ASIP-SANTE"),
            x509.NameAttribute(NameOID.TITLE, "Infirmier"),
            x509.NameAttribute(NameOID.COMMON_NAME, "899700000054"),
        ]
    )
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, start, start.replace(year=2036))
    ).sign(key, hashes.SHA256())
    return SoftwareSigner(key, certificate)


def card(holder: CardHolder = HOLDER) -> CpxCard:
    """Return a card of that holder."""
    return CpxCard(holder, signer())
