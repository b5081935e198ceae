"""The card of a professional: for now a software key in a folder, in the sandbox only.

A driver of real cards (PC/SC, API-Lecteur) would be another `find_card`, giving the same four things: a
signer, the kind of card, its holder, the structure of the activity chosen. None is shipped.
"""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

from amarre.dui.core.clock import now
from amarre.dui.dmp.reading.errors import CardNotFound
from amarre.dui.organisations.enums import Environment
from amarre.dui.organisations.models import ConnectorProfile
from amarre.interop.dmp import Actor, Card, CardKind, SoftwareCardSigner, Structure


def find_card(profile: ConnectorProfile, holder: Actor, structure: Structure) -> Card:
    """Return the card of `holder`, for their activity in `structure`. Raises CardNotFound."""
    if profile.environment != Environment.BAC_A_SABLE or not profile.dmp_cards_dir:
        raise CardNotFound
    for path in sorted(Path(profile.dmp_cards_dir).glob("*.pem")):
        certificate = _certificate(path)
        if certificate is None or not _is_card_of(certificate, holder.identifier):
            continue
        key = _key(path.with_suffix(".key"))
        if key is not None:
            return Card(SoftwareCardSigner(key, certificate), _kind(certificate), holder, structure)
    raise CardNotFound


def _certificate(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError):
        return None


def _key(path: Path) -> rsa.RSAPrivateKey | None:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return None
    return key if isinstance(key, rsa.RSAPrivateKey) else None


def _is_card_of(certificate: x509.Certificate, identifier: str) -> bool:
    names = {name.value for name in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)}
    return identifier in names and certificate.not_valid_after_utc > now()


def _kind(certificate: x509.Certificate) -> CardKind:
    """A card that names no person is an employee's (CPE of a service)."""
    named = certificate.subject.get_attributes_for_oid(NameOID.SURNAME)
    return CardKind.CPS if named else CardKind.CPE
