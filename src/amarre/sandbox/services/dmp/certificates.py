"""What a certificate may be used for, and who issued it.

Sources: IGC-Santé certificate policies (keyUsage digitalSignature and clientAuth for authentication,
nonRepudiation for a cachet), SEL-MP-037 (OU = Struct_IdNat).
"""

from __future__ import annotations

import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def is_for_signature(certificate: x509.Certificate) -> bool:
    """Tell whether keyUsage carries nonRepudiation (contentCommitment)."""
    usage = _usage(certificate)
    return usage is not None and usage.content_commitment


def is_for_authentication(certificate: x509.Certificate) -> bool:
    """Tell whether keyUsage carries digitalSignature and the extended usage clientAuth."""
    usage = _usage(certificate)
    try:
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage is not None and usage.digital_signature and ExtendedKeyUsageOID.CLIENT_AUTH in extended


def structure_of(certificate: x509.Certificate) -> str:
    """Return the OU of the subject (Struct_IdNat), "" when there is none."""
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return str(found[0].value) if found else ""


def common_name(certificate: x509.Certificate) -> str:
    """Return the CN of the subject, "" when there is none."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def is_trusted(
    certificate: x509.Certificate, authorities: tuple[x509.Certificate, ...], now: datetime.datetime
) -> bool:
    """Tell whether one of the authorities issued the certificate and it is valid now."""
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        return False
    for authority in authorities:
        try:
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return True
    return False


def described(certificate: x509.Certificate | None) -> str:
    """Return a certificate in French: subject, uses, end of validity."""
    if certificate is None:
        return "aucun certificat"
    usage = _usage(certificate)
    uses = [] if usage is None else [
        name for name, value in (
            ("digitalSignature", usage.digital_signature), ("nonRepudiation", usage.content_commitment)
        ) if value
    ]  # fmt: skip
    end = certificate.not_valid_after_utc.strftime("%d/%m/%Y")
    return f"{certificate.subject.rfc4514_string()} ; usages : {', '.join(uses) or 'aucun'} ; jusqu'au {end}"


def is_subject(name: str, certificate: x509.Certificate) -> bool:
    """Tell whether a text is the subject of a certificate, in RFC 4514 or in RFC 2253.

    They differ for surname and given name (cards): RFC 2253 §2.4 writes ``2.5.4.4=#`` and the DER in
    hexadecimal, as in the published assertions.
    """
    short = certificate.subject.rfc4514_string()
    parts = []
    for rdn in reversed(certificate.subject.rdns):
        texts = []
        for attribute in rdn:
            text = attribute.rfc4514_string()
            if text[0].isdigit():
                value = str(attribute.value).encode()
                der = x509.Name([attribute]).public_bytes()[-(len(value) + 2) :]
                text = f"{attribute.oid.dotted_string}=#{der.hex()}"
            texts.append(text)
        parts.append("+".join(texts))
    return name in (short, ",".join(parts))


def is_nominative(certificate: x509.Certificate) -> bool:
    """Tell whether the subject of a card names a person (a generic CPE has no surname)."""
    return bool(certificate.subject.get_attributes_for_oid(NameOID.SURNAME))


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
