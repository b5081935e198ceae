"""The checks every document goes through before it leaves, and those of a deposit in the DMP."""

from __future__ import annotations

import datetime
import os

from django.db.models import Q
from django.urls import reverse

from amarre.dui.core.clock import now
from amarre.dui.documents.control import ControlPoint, PointState, Situation, Slot, Target, register_check
from amarre.dui.documents.deposit_errors import (
    AlreadyReplaced,
    CertificateExpired,
    DmpNotConfigured,
    DocumentWithoutIns,
    EarlierVersionPending,
    EarlierVersionUnknown,
    InformationMissing,
    PersonOpposed,
    TypeNotForDmp,
)
from amarre.dui.documents.depositors import depositor
from amarre.dui.documents.dmp_connector import require_configured
from amarre.dui.documents.errors import CertificateNotUsable
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.documents.sources import link_to_source
from amarre.dui.exchanges.connections import tls_context
from amarre.dui.exchanges.enums import OPEN_STATES, State
from amarre.dui.exchanges.models import Circuit
from amarre.dui.organisations.certificates import read_certificate
from amarre.dui.organisations.connector_state import WARN_DAYS
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.models import DmpInformation
from amarre.dui.usagers.presenters import status_label
from amarre.dui.usagers.services.record_dmp_information import current_information
from amarre.dui.web.dates import day, hour, relative_day
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins.status import Status
from amarre.interop.terminology import ValueSetId, document_type, value_set
from amarre.interop.transport.errors import CertificateUnusable

EVERYWHERE = (Target.DMP, Target.MSSANTE)
DMP_ONLY = (Target.DMP,)


def register_all() -> None:
    """Plug the checks in the engine; called when the application is ready."""
    register_check(Slot.IDENTITY, EVERYWHERE, check_identity)
    register_check(Slot.DOCUMENT, EVERYWHERE, check_document)
    register_check(Slot.INFORMATION, DMP_ONLY, check_information)
    register_check(Slot.DMP, DMP_ONLY, check_depositor)
    register_check(Slot.DMP, DMP_ONLY, check_dmp)
    register_check(Slot.CERTIFICATE, DMP_ONLY, check_dmp_certificates)


def check_identity(situation: Situation) -> ControlPoint:
    """The identity may leave (DMP), or leaves without its matricule (a professional's mailbox)."""
    identity = situation.dossier.identity
    url = reverse("usagers:show_identity", kwargs={"dossier_id": situation.dossier.pk})
    try:
        open_gate(identity, situation.profile)
    except AmarreError as error:
        if situation.carries_ins or identity.state.blocked:
            return ControlPoint.blocked(Slot.IDENTITY, error, url=url, action="Voir l'identité")
        label = status_label(identity)
        return ControlPoint(
            Slot.IDENTITY, PointState.LOOK, f"{label[0].upper()}{label[1:]}, pas encore qualifiée"
            if identity.status is not Status.QUALIFIEE else label,
            "Le document part sans matricule INS.", url, "Voir l'identité",
        )  # fmt: skip
    evidence = identity.evidence.filter(voided_at=None).first()
    seen = f"Pièce vue le {day(evidence.seen_on)}." if evidence else ""
    return ControlPoint(Slot.IDENTITY, PointState.GOOD, "Identité qualifiée", seen)


def check_document(situation: Situation) -> ControlPoint:
    """The version is the current one, of a type the target takes, and carries the INS."""
    version = situation.version
    latest = version.document.versions.order_by("-number").first()
    if latest is not None and latest.number > version.number:
        return ControlPoint.blocked(Slot.DOCUMENT, AlreadyReplaced())
    if situation.target is Target.DMP:
        kind = document_type(version.document.type_code)
        if kind is None or kind.code not in value_set(ValueSetId.DMP_TYPE_CODE):
            return ControlPoint.blocked(Slot.DOCUMENT, TypeNotForDmp(type_code=version.document.type_code))
        if not version.identity_qualified:
            url, action = link_to_source(version.document)
            return ControlPoint.blocked(Slot.DOCUMENT, DocumentWithoutIns(), url=url, action=action)
    carries = "Il porte l'INS et son Datamatrix." if version.identity_qualified else "Il ne porte pas d'INS."
    detail = f"Version {version.number}, de {version.author}, du {day(version.created_at)}. {carries}"
    return ControlPoint(Slot.DOCUMENT, PointState.GOOD, "Document validé par son auteur", detail)


def check_information(situation: Situation) -> ControlPoint:
    """The person was told, and does not oppose."""
    url = reverse("usagers:show_dossier", kwargs={"dossier_id": situation.dossier.pk}) + "#information-dmp"
    information = current_information(situation.dossier)
    if information is None:
        return ControlPoint.blocked(
            Slot.INFORMATION, InformationMissing(), url=url, action="Noter l'information"
        )
    if information.decision == DmpInformation.Decision.OPPOSITION:
        return ControlPoint.blocked(Slot.INFORMATION, PersonOpposed(), url=url, action="Voir la réponse")
    detail = f"Information donnée le {day(information.informed_on)}."
    return ControlPoint(Slot.INFORMATION, PointState.GOOD, "Personne informée, pas d'opposition", detail)


def check_depositor(situation: Situation) -> ControlPoint | None:
    """The DMP wants to know the profession of who deposits; nothing to say when it is known."""
    if situation.sender is None:
        return None
    try:
        depositor(situation.sender, situation.dossier.essms)
    except AmarreError as error:
        return ControlPoint.blocked(Slot.DMP, error)
    return None


def check_dmp(situation: Situation) -> ControlPoint:
    """The DMP can be called, and what becomes of an earlier version is known."""
    settings_url = reverse("organisations:settings")
    try:
        require_configured(situation.profile)
    except DmpNotConfigured as error:
        return ControlPoint.blocked(Slot.DMP, error, url=settings_url, action="Voir les réglages")
    earlier = earlier_deposit(situation.version)
    if earlier is not None and earlier.exchange.state in OPEN_STATES:
        return ControlPoint.blocked(Slot.DMP, EarlierVersionPending(number=earlier.version.number))
    if earlier is not None and earlier.exchange.state == State.A_REFAIRE:
        page = reverse("exchanges:show_exchange", kwargs={"exchange_id": earlier.exchange_id})
        unknown = EarlierVersionUnknown(number=earlier.version.number)
        return ControlPoint.blocked(Slot.DMP, unknown, url=page, action="Voir l'envoi")
    place = ""
    if earlier is not None and earlier.accepted_at is not None:
        place = (
            f"La version {situation.version.number} remplacera la version {earlier.version.number}, "
            f"déposée le {day(earlier.accepted_at)}. "
        )
    resting = Circuit.objects.filter(
        essms_id=situation.dossier.essms_id, service="dmp", open_until__gt=now()
    ).first()
    if resting is not None and resting.open_until is not None:
        wait = f"Le document attendra et partira seul, pas avant {hour(resting.open_until)}."
        return ControlPoint(Slot.DMP, PointState.LOOK, "Le DMP ne répond pas en ce moment", place + wait)
    detail = place + "Au moment du dépôt, Amarre demande d'abord au DMP s'il est ouvert."
    return ControlPoint(Slot.DMP, PointState.GOOD, "DMP joignable", detail)


def check_dmp_certificates(situation: Situation) -> ControlPoint:
    """The two certificates towards the DMP are readable and in date; the one that ends first speaks."""
    purposes = (CertificatePurpose.DMP_AUTH, CertificatePurpose.DMP_SIGN)
    return check_certificates(situation, purposes)


def check_certificates(situation: Situation, purposes: tuple[CertificatePurpose, ...]) -> ControlPoint:
    """Return the point of the certificates used for `purposes` (for any target)."""
    url, action = reverse("organisations:settings"), "Voir les réglages"
    ends = []
    for purpose in purposes:
        end, error = _end_of(situation.profile, purpose)
        if error is not None:
            return ControlPoint.blocked(Slot.CERTIFICATE, error, url=url, action=action)
        ends.append((end, purpose))
    end, purpose = min(ends)
    zone = situation.dossier.essms.zone
    days = (end - now()).days
    if days <= WARN_DAYS:
        when = relative_day(end.astimezone(zone).date(), now().astimezone(zone).date())
        label = f"Certificat de l'établissement : expire {when}"
        detail = f"Usage « {purpose.label} ». L'envoi d'aujourd'hui passe ; après cette date, plus aucun."
        return ControlPoint(Slot.CERTIFICATE, PointState.LOOK, label, detail, url, action)
    return ControlPoint(
        Slot.CERTIFICATE, PointState.GOOD, "Certificat de l'établissement en règle", f"Jusqu'au {day(end)}."
    )


def _end_of(
    profile: ConnectorProfile, purpose: CertificatePurpose
) -> tuple[datetime.datetime, AmarreError | None]:
    """Return the last instant of a certificate, or the error that makes it unusable now."""
    held = profile.certificate(purpose)
    label = str(purpose.label)
    if held is None:
        return now(), CertificateNotUsable(purpose=label, reason="il n'est pas dans les réglages")
    facts = read_certificate(held.certificate_file)
    if facts.problem or facts.not_after is None:
        reason = facts.problem.rstrip(".").lower() or "sa date de fin est illisible"
        return now(), CertificateNotUsable(purpose=label, reason=reason)
    if not os.access(held.key_file, os.R_OK):
        return now(), CertificateNotUsable(purpose=label, reason="le fichier de sa clé est illisible")
    if facts.not_after < now():
        return now(), CertificateExpired(purpose=label, day=day(facts.not_after))
    try:
        tls_context(profile, purpose)
    except CertificateUnusable as error:
        # Said here, a deposit that cannot even be prepared does not promise that it is kept.
        return now(), CertificateNotUsable(purpose=label, reason=str(error.params["reason"]))
    return facts.not_after, None


def earlier_deposit(version: DocumentVersion) -> DmpDeposit | None:
    """Return the deposit of the latest earlier version that reached the DMP or may still have."""
    reached = Q(exchange__state__in=[*OPEN_STATES, State.ACCEPTE])
    in_doubt = Q(exchange__state=State.A_REFAIRE, exchange__outcome_unknown=True)
    return (
        DmpDeposit.objects.filter(
            reached | in_doubt, version__document=version.document_id, version__number__lt=version.number
        )
        .select_related("exchange", "version")
        .order_by("-version__number")
        .first()
    )
