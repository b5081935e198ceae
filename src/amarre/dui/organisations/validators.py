"""Shape of the identifiers. A wrong key only warns: test FINESS and La Poste's SIRET do not follow it."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

_OID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+")
_FINESS = re.compile(r"[0-9][0-9AB][0-9A-Z]{7}")
_SIRET = re.compile(r"\d{14}")
OID_MAX_LENGTH = 64


def validate_oid(value: str) -> None:
    """Refuse what is not an OID (ISO/IEC 9834-1; 64 characters at most in CI-SIS)."""
    if len(value) > OID_MAX_LENGTH:
        raise ValidationError("Un OID compte au plus 64 caractères.", code="oid_length")
    if re.search(r"(?:^|\.)0\d", value):
        raise ValidationError(
            "Aucune partie d’un OID ne commence par un zéro : écrivez « 1.2.3 », pas « 1.02.3 ».",
            code="oid_zero",
        )
    if not _OID.fullmatch(value):
        raise ValidationError(
            "Un OID est une suite de nombres séparés par des points, comme « 1.2.250.1.213 ».", code="oid"
        )


def validate_finess(value: str) -> None:
    """Refuse what cannot be a FINESS number: 9 characters, letters allowed (Corsica, test structures)."""
    if not _FINESS.fullmatch(value):
        raise ValidationError(
            "Un numéro FINESS compte 9 caractères, sans espace, comme « 290099993 ».", code="finess"
        )


def validate_siret(value: str) -> None:
    """Refuse what cannot be a SIRET number: 14 digits."""
    if not _SIRET.fullmatch(value):
        raise ValidationError("Un numéro SIRET compte 14 chiffres, sans espace.", code="siret")


def is_loopback(address: str) -> bool:
    """Say whether the host of an address (URL or host name) is this very machine."""
    host = urlsplit(address).hostname if "//" in address else address
    if not host:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def luhn_holds(digits: str) -> bool:
    """Say whether the last digit is the Luhn key of the others; False when letters make it impossible."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
