"""The association, its establishments, their connectors pointed at the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from amarre.cast import ASSOCIATION, ESTABLISHMENTS, Establishment
from amarre.cast.organisation import ANNUAIRE_KEY, INSI_IDAM
from amarre.cast.usagers import NIA, NIR, TEST
from amarre.dui.core.clock import today
from amarre.dui.organisations.enums import CertificatePurpose, ContactRole, Environment
from amarre.dui.organisations.models import (
    ConnectorCertificate,
    ConnectorProfile,
    Essms,
    EssmsContact,
    OrganismeGestionnaire,
)

# File names of the sandbox's certificates, by use.
CERTIFICATES = {
    CertificatePurpose.INSI_AUTH: "insi",
    CertificatePurpose.DMP_AUTH: "dmp-authentification",
    CertificatePurpose.DMP_SIGN: "dmp-signature",
    CertificatePurpose.MSSANTE_AUTH: "mssante",
}
CONTACTS = (
    (ContactRole.SUPPORT, "Support d'Amarre", "01 99 00 12 00"),
    (ContactRole.REFERENT_IDENTITE, "Maud Keravel", "01 99 00 12 11"),
    (ContactRole.ADMINISTRATEUR, "Théo Lambert", "01 99 00 12 12"),
    (ContactRole.PILOTE_DUI, "Julie Prat", "01 99 00 12 13"),
    (ContactRole.DPO, "Anne Le Gall", "01 99 00 12 14"),
)


@dataclass(frozen=True, slots=True)
class SandboxAddresses:
    """Where the sandbox said it listens: HTTPS address, host:port of its mail servers, data folder."""

    https: str
    smtp: str
    imap: str
    data: Path

    def port(self, server: str) -> int:
        """Return the port of `smtp` or `imap`."""
        return int(getattr(self, server).rpartition(":")[2])


def seed_places(addresses: SandboxAddresses) -> dict[str, Essms]:
    """Return the establishments by key of the cast, created or found, pointed at these addresses."""
    organisme, _ = OrganismeGestionnaire.objects.get_or_create(
        finess_ej=ASSOCIATION.finess_ej, defaults={"name": ASSOCIATION.name, "siren": ASSOCIATION.siren}
    )
    return {place.key: _place(organisme, place, addresses) for place in ESTABLISHMENTS}


def _place(organisme: OrganismeGestionnaire, place: Establishment, addresses: SandboxAddresses) -> Essms:
    street, postal_code, city = place.address
    essms, _ = Essms.objects.all().get_or_create(
        finess_eg=place.finess_eg,
        defaults={
            "organisme": organisme,
            "name": place.name,
            "kind": place.kind,
            "siret": place.siret,
            "address": street,
            "postal_code": postal_code,
            "city": city,
            "phone": place.telephone,
            "secteur_activite": place.facility_type,
        },
    )
    profile, _ = ConnectorProfile.objects.all().update_or_create(
        essms=essms, defaults=_connector(place, addresses)
    )
    for purpose, use in CERTIFICATES.items():
        stem = addresses.data / "pki" / "clients" / place.struct_idnat / use
        ConnectorCertificate.objects.all().update_or_create(
            profile=profile,
            purpose=purpose,
            defaults={"certificate_file": f"{stem}.pem", "key_file": f"{stem}.key"},
        )
    for role, name, phone in CONTACTS:
        EssmsContact.objects.all().update_or_create(
            essms=essms, role=role, defaults={"person_name": name, "phone": phone}
        )
    return essms


def _connector(place: Establishment, addresses: SandboxAddresses) -> dict[str, Any]:
    key_file = Path(settings.VAR_DIR) / "annuaire.cle"
    key_file.write_text(ANNUAIRE_KEY, encoding="utf-8")
    key_file.chmod(0o600)
    return {
        "environment": Environment.BAC_A_SABLE,
        "root_oid": f"{ASSOCIATION.root_oid}.{place.oid_arc}",
        "software_oid": f"{ASSOCIATION.root_oid}.{place.oid_arc}.4",
        "ca_file": str(addresses.data / "pki" / "ca.pem"),
        "insi_url": f"{addresses.https}/lps",
        "insi_idam": INSI_IDAM,
        "ins_oids": [NIR, NIA, TEST],
        "insi_homologation_on": today(),
        "dmp_url": f"{addresses.https}/si-dmp-server/v2/services",
        "dmp_homologation": "FICTIF-DMP-0001",
        "healthcare_facility_type_code": place.facility_type,
        "practice_setting_code": place.practice_setting,
        "content_type_code": place.content_type,
        "mss_smtp_host": "localhost",
        "mss_smtp_port": addresses.port("smtp"),
        "mss_imap_host": "localhost",
        "mss_imap_port": addresses.port("imap"),
        "mss_mailbox": place.mailbox_app,
        "mss_label": place.name,
        "mss_reply_to": place.mailbox_org,
        "mss_nil": "AMARRE-FICTIF",
        "annuaire_url": f"{addresses.https}/gateway/fhir/v2",
        "annuaire_key_file": str(key_file),
    }
