"""The settings and certificates without which every deposit fails: judged here, and only here.

The page « Prêt pour le DMP ? » shows them; the control before a deposit refuses with the same errors.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.urls import reverse

from amarre.dui.core.clock import now
from amarre.dui.dmp.connector import (
    Needed,
    authentication_certificate_of,
    needed_settings,
    signing_certificate_of,
)
from amarre.dui.dmp.errors import DmpNotConfigured
from amarre.dui.dmp.readiness.errors import CertificateOfAnotherStructure, CertificateWrongUse
from amarre.dui.dmp.readiness.findings import Finding, Place
from amarre.dui.documents.control_checks import certificate_end
from amarre.dui.organisations.connector_state import WARN_DAYS
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.web.dates import day
from amarre.interop.common.errors import AmarreError

CERTIFICATES = {"cert_auth": CertificatePurpose.DMP_AUTH, "cert_sign": CertificatePurpose.DMP_SIGN}


def blocking_prerequisites(place: Place) -> list[Finding]:
    """Return the judged points whose failure refuses every deposit, good ones included."""
    return [
        *(_judge_setting(needed) for needed in needed_settings(place.profile)),
        *(_judge_certificate(place, key, purpose) for key, purpose in CERTIFICATES.items()),
    ]


def _settings_link() -> tuple[str, str]:
    return reverse("organisations:settings"), "Voir les réglages"


def _judge_setting(needed: Needed) -> Finding:
    url, action = _settings_link()
    if needed.missing:
        return Finding.blocked(needed.key, DmpNotConfigured(missing=needed.missing), url=url, action=action)
    return Finding.good(needed.key, needed.shown)


def _judge_certificate(place: Place, key: str, purpose: CertificatePurpose) -> Finding:
    """The file is readable with its key, in date, for this use, and names this establishment."""
    url, action = _settings_link()
    end, error = certificate_end(place.profile, purpose)
    if error is None:
        error = _fault_of(place, purpose)
    if error is not None:
        return Finding.blocked(key, error, url=url, action=action)
    days = (end - now()).days
    if days <= WARN_DAYS:
        detail = (
            f"Il expire le {day(end)}, dans {days} jours. Renouvelez-le avant : après, plus rien ne part."
        )
        return Finding.look(key, detail, url=url, action=action)
    return Finding.good(key, f"Jusqu'au {day(end)}.")


def _fault_of(place: Place, purpose: CertificatePurpose) -> AmarreError | None:
    """Return what the DMP would refuse in a certificate that is readable and in date."""
    label = str(purpose.label)
    signs = purpose == CertificatePurpose.DMP_SIGN
    try:
        certificate = (signing_certificate_of if signs else authentication_certificate_of)(place.profile)
    except AmarreError as error:
        return error
    if is_for_signature(certificate) is not signs and is_for_authentication(certificate) is signs:
        return CertificateWrongUse(purpose=label)
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    found, wanted = [str(unit.value) for unit in units], place.essms.struct_idnat
    if wanted not in found:
        said = ", ".join(found) or "aucune structure"
        return CertificateOfAnotherStructure(purpose=label, found=said[:60], wanted=wanted)
    return None


def is_for_signature(certificate: x509.Certificate) -> bool:
    """Say whether a certificate is a cachet (keyUsage nonRepudiation; IGC-Santé certificate policies)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.content_commitment


def is_for_authentication(certificate: x509.Certificate) -> bool:
    """Say whether a certificate opens a connection (extended usage clientAuth; same source)."""
    try:
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in extended
