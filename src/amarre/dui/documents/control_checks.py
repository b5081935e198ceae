"""The checks every document goes through before it leaves."""

from __future__ import annotations

import datetime
import os

from django.urls import reverse

from amarre.dui.core.clock import now
from amarre.dui.documents.control import ControlPoint, PointState, Situation, Slot, Target, register_check
from amarre.dui.documents.errors import AlreadyReplaced, CertificateExpired, CertificateNotUsable
from amarre.dui.documents.identity import open_gate
from amarre.dui.exchanges.connections import require_usable
from amarre.dui.organisations.certificates import read_certificate
from amarre.dui.organisations.connector_state import WARN_DAYS
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.presenters import status_label
from amarre.dui.web.dates import day, relative_day
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins.status import Status
from amarre.interop.transport.errors import CertificateUnusable

EVERYWHERE = (Target.DMP, Target.MSSANTE)


def register_all() -> None:
    """Plug the checks in the engine; called when the application is ready."""
    register_check(Slot.IDENTITY, EVERYWHERE, check_identity)
    register_check(Slot.DOCUMENT, EVERYWHERE, check_document)


def check_identity(situation: Situation) -> ControlPoint:
    """The identity may leave (DMP), or leaves without its matricule (a professional's mailbox)."""
    return identity_point(situation.dossier, situation.profile, carries_ins=situation.carries_ins)


def identity_point(dossier: Dossier, profile: ConnectorProfile, *, carries_ins: bool) -> ControlPoint:
    """Return the point of the identity of a dossier, whatever the document."""
    identity = dossier.identity
    url = reverse("usagers:show_identity", kwargs={"dossier_id": dossier.pk})
    try:
        open_gate(identity, profile)
    except AmarreError as error:
        if carries_ins or identity.state.blocked:
            return ControlPoint.blocked(Slot.IDENTITY, error, url=url, action="Voir l'identité")
        label = status_label(identity)
        return ControlPoint(
            Slot.IDENTITY, PointState.LOOK, f"{label[0].upper()}{label[1:]}, pas encore qualifiée"
            if identity.status is not Status.QUALIFIEE else label,
            "Le document part sans matricule INS.", url, "Voir l'identité",
        )  # fmt: skip
    # A list reads the pieces of all its identities at once.
    evidence = next((one for one in identity.evidence.all() if one.voided_at is None), None)
    seen = f"Pièce vue le {day(evidence.seen_on)}." if evidence else ""
    return ControlPoint(Slot.IDENTITY, PointState.GOOD, "Identité qualifiée", seen)


def check_document(situation: Situation) -> ControlPoint:
    """The version is the current one."""
    version = situation.version
    if any(other.number > version.number for other in version.document.versions.all()):
        return ControlPoint.blocked(Slot.DOCUMENT, AlreadyReplaced())
    carries = "Il porte l'INS et son Datamatrix." if version.identity_qualified else "Il ne porte pas d'INS."
    detail = f"Version {version.number}, de {version.written_by}, du {day(version.created_at)}. {carries}"
    return ControlPoint(Slot.DOCUMENT, PointState.GOOD, "Document validé par son auteur", detail)


def check_certificates(situation: Situation, purposes: tuple[CertificatePurpose, ...]) -> ControlPoint:
    """Return the point of the certificates used for `purposes` (for any target)."""
    key = ("certificates", situation.dossier.essms_id, purposes)
    return situation.shared.once(key, lambda: _certificates_point(situation, purposes))


def _certificates_point(situation: Situation, purposes: tuple[CertificatePurpose, ...]) -> ControlPoint:
    url, action = reverse("organisations:settings"), "Voir les réglages"
    ends = []
    for purpose in purposes:
        end, error = certificate_end(situation.profile, purpose)
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


def certificate_end(
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
        require_usable(profile, purpose)
    except CertificateUnusable as error:
        # Said here, a deposit that cannot even be prepared does not promise that it is kept.
        return now(), CertificateNotUsable(purpose=label, reason=str(error.params["reason"]))
    return facts.not_after, None
