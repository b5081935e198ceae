"""The mailboxes of the simulated space, and which certificate opens which one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from amarre.cast import ESTABLISHMENTS, EXTERNAL_PROFESSIONALS, ORGANISATIONAL_MAILBOXES, USAGERS
from amarre.sandbox.pki import Pki, Use

CITIZEN_DOMAIN = "patient.mssante.fr"
# Domains of the simulated white list: a leading dot accepts sub-domains.
WHITE_LIST: tuple[str, ...] = (".mssante.fr",)


@dataclass(frozen=True, slots=True)
class Directory:
    """`mailboxes` exist; `by_fingerprint` gives the applicative mailbox a certificate opens (lower case)."""

    mailboxes: frozenset[str]
    by_fingerprint: dict[bytes, str]

    def mailbox_of(self, certificate: bytes | None) -> str:
        """Return the mailbox the operator registered for this DER certificate, "" when there is none."""
        if not certificate:
            return ""
        fingerprint = x509.load_der_x509_certificate(certificate).fingerprint(hashes.SHA256())
        return self.by_fingerprint.get(fingerprint, "")

    def exists(self, address: str) -> bool:
        """Tell whether a message to `address` finds a mailbox."""
        return address.lower() in self.mailboxes

    def in_white_list(self, address: str) -> bool:
        """Tell whether the operator may relay to the domain of `address`."""
        domain = address.rpartition("@")[2].lower()
        return any(domain.endswith(suffix) for suffix in WHITE_LIST)


def from_cast(pki: Pki) -> Directory:
    """Return the directory of the cast: establishments, outside professionals, usagers with a matricule."""
    addresses: set[str] = set()
    fingerprints: dict[bytes, str] = {}
    for item in ESTABLISHMENTS:
        addresses |= {item.mailbox_app, item.mailbox_org}
        path = pki.paths(Use.MSSANTE, item.struct_idnat).certificate
        certificate = x509.load_pem_x509_certificates(path.read_bytes())[0]
        fingerprints[certificate.fingerprint(hashes.SHA256())] = item.mailbox_app.lower()
    addresses |= {item.mailbox for item in EXTERNAL_PROFESSIONALS if item.mailbox}
    addresses |= {item.mailbox for item in ORGANISATIONAL_MAILBOXES}
    addresses |= {
        f"{item.matricule}{item.cle}@{CITIZEN_DOMAIN}"
        for item in USAGERS
        if re.fullmatch(r"\w{13}", item.matricule)
    }
    return Directory(frozenset(item.lower() for item in addresses), fingerprints)
