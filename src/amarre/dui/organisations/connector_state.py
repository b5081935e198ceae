"""Read model: is each connector of an establishment ready, and what is missing, in French."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from amarre.dui.organisations.certificates import CertificateFacts
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorProfile

# Notices before a certificate expires (renewal is only possible while it is valid).
WARN_DAYS = 90


class Connector(StrEnum):
    """The national services an establishment talks to."""

    INSI = "INSi"
    DMP = "DMP"
    MSSANTE = "MSSanté"
    ANNUAIRE = "Annuaire"


class Readiness(StrEnum):
    """How far a connector is."""

    READY = "ready"
    WARNING = "warning"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class ConnectorState:
    """State of one connector; `missing` blocks, `warnings` do not."""

    connector: Connector
    missing: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def readiness(self) -> Readiness:
        """Return the worst of what was found."""
        if self.missing:
            return Readiness.INCOMPLETE
        return Readiness.WARNING if self.warnings else Readiness.READY


_FIELDS: Mapping[Connector, tuple[tuple[str, str], ...]] = {
    Connector.INSI: (
        ("insi_url", "l’adresse d’INSi"),
        ("insi_idam", "le numéro d’autorisation (IDAM)"),
        ("ins_oids", "les OID de l’INS acceptés"),
        ("ca_file", "le fichier des autorités"),
    ),
    Connector.DMP: (
        ("dmp_url", "l’adresse du DMP"),
        ("root_oid", "l’OID racine"),
        ("healthcare_facility_type_code", "le type d’établissement"),
        ("practice_setting_code", "le cadre d’exercice"),
        ("content_type_code", "la nature de l’activité"),
        ("software_oid", "l’OID du logiciel"),
        ("dmp_homologation", "le numéro d’homologation"),
        ("ca_file", "le fichier des autorités"),
    ),
    Connector.MSSANTE: (
        ("mss_smtp_host", "le serveur d’envoi"),
        ("mss_imap_host", "le serveur de réception"),
        ("mss_mailbox", "la boîte applicative"),
        ("mss_nil", "le numéro de logiciel (NIL)"),
        ("ca_file", "le fichier des autorités"),
    ),
    Connector.ANNUAIRE: (
        ("annuaire_url", "l’adresse de l’Annuaire"),
        ("annuaire_key_file", "le fichier de la clé d’Annuaire"),
    ),
}
_CERTIFICATES: Mapping[Connector, tuple[CertificatePurpose, ...]] = {
    Connector.INSI: (CertificatePurpose.INSI_AUTH,),
    Connector.DMP: (CertificatePurpose.DMP_AUTH, CertificatePurpose.DMP_SIGN),
    Connector.MSSANTE: (CertificatePurpose.MSSANTE_AUTH,),
    Connector.ANNUAIRE: (),
}


def connector_states(
    profile: ConnectorProfile,
    certificates: Mapping[str, CertificateFacts],
    now: datetime.datetime,
) -> list[ConnectorState]:
    """Return the state of each connector, from the profile and the facts of its certificates by purpose."""
    states = []
    for connector in Connector:
        state = ConnectorState(connector)
        for name, words in _FIELDS[connector]:
            if not getattr(profile, name):
                state.missing.append(f"Il manque {words}.")
        for purpose in _CERTIFICATES[connector]:
            _judge_certificate(state, purpose, certificates.get(purpose), profile, now)
        if connector is Connector.DMP and not profile.essms.struct_idnat:
            state.missing.append("Il manque un numéro FINESS ou SIRET.")
        if connector is Connector.INSI and not profile.insi_homologation_on:
            state.warnings.append("La décision d’homologation INSi n’est pas datée.")
        states.append(state)
    return states


def _judge_certificate(
    state: ConnectorState,
    purpose: CertificatePurpose,
    facts: CertificateFacts | None,
    profile: ConnectorProfile,
    now: datetime.datetime,
) -> None:
    label = str(purpose.label)
    if facts is None:
        state.missing.append(f"Il manque le certificat « {label} ».")
        return
    if facts.problem:
        state.missing.append(f"Certificat « {label} ». {facts.problem}")
        return
    days = facts.days_left(now)
    if days is not None and days < 0:
        state.missing.append(f"Le certificat « {label} » a expiré.")
    elif days is not None and days <= WARN_DAYS:
        state.warnings.append(f"Le certificat « {label} » expire dans {days} jours.")
    number = profile.essms.struct_idnat
    if facts.organisational_unit and facts.organisational_unit != number:
        state.warnings.append(
            f"Le certificat « {label} » est au nom de la structure {facts.organisational_unit}, "
            f"l’établissement se présente comme {number}."
        )
