"""What a certificate file says of itself: whose it is and until when. The key file is never read here."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from amarre.dui.core.file_memory import until_files_change

MAX_FILE_SIZE = 64 * 1024


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Facts read from the file; `problem` is a French sentence when it could not be read."""

    not_before: datetime.datetime | None = None
    not_after: datetime.datetime | None = None
    organisational_unit: str = ""
    common_name: str = ""
    problem: str = ""

    def days_left(self, now: datetime.datetime) -> int | None:
        """Return the whole days before it expires (negative afterwards), or None when it is unknown."""
        return (self.not_after - now).days if self.not_after else None


def read_certificate(path: str) -> CertificateFacts:
    """Return the facts of the first certificate of a PEM file."""
    file = Path(path)
    try:
        if file.stat().st_size > MAX_FILE_SIZE:
            return CertificateFacts(problem="Ce fichier est trop gros pour être un certificat.")
        return _facts_of(path)
    except OSError:
        return CertificateFacts(problem="Le fichier est introuvable ou illisible.")
    except ValueError:
        return CertificateFacts(problem="Ce fichier n’est pas un certificat au format PEM.")


@until_files_change
def _facts_of(path: str) -> CertificateFacts:
    """Raises OSError, ValueError: neither is remembered."""
    certificate = x509.load_pem_x509_certificates(Path(path).read_bytes())[0]
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return CertificateFacts(
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        # The structure's number is the last unit when there are several.
        organisational_unit=str(units[-1].value) if units else "",
        common_name=str(names[0].value) if names else "",
    )
