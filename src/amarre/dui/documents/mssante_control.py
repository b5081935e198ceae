"""The points of « Contrôle avant envoi » that are a message's own, plugged in the common engine."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.urls import reverse

from amarre.dui.core.clock import now
from amarre.dui.documents.control import ControlPoint, PointState, Situation, Slot, Target, register_check
from amarre.dui.documents.control_checks import check_certificates
from amarre.dui.documents.identity import gate_if_qualified
from amarre.dui.documents.models import MssanteMessage
from amarre.dui.documents.mssante_connector import require_configured
from amarre.dui.documents.mssante_errors import CitizenOpposed, RecipientWithoutAddress
from amarre.dui.documents.mssante_message import (
    describe_version,
    require_current_identity,
    visibility_of,
)
from amarre.dui.documents.mssante_recipients import Recipient
from amarre.dui.exchanges.models import Circuit
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.usagers.models import DmpInformation
from amarre.dui.usagers.services.record_dmp_information import current_information
from amarre.dui.web.dates import day, hour
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins.status import Status
from amarre.interop.mssante import Audience as KitAudience
from amarre.interop.mssante import check_masking, check_recipient
from amarre.interop.mssante.errors import NoRecipient

MAIL = (Target.MSSANTE,)
# Before sending, an address is read again when it is older (dossier technique of the directory: fresh data).
FRESH_DAYS = 30


def register_all() -> None:
    """Plug the checks in the engine; called when the application is ready."""
    register_check(Slot.DOCUMENT, MAIL, check_content)
    register_check(Slot.RECIPIENTS, MAIL, check_chosen_recipient)
    register_check(Slot.RECIPIENTS, MAIL, check_sent_before)
    register_check(Slot.INFORMATION, MAIL, check_person_informed)
    register_check(Slot.ADDRESSES, MAIL, check_addresses)
    register_check(Slot.CERTIFICATE, MAIL, check_mail_certificate)


def check_content(situation: Situation) -> ControlPoint | None:
    """The document is about the identity as it is now, and its visibility allows these recipients."""
    version, identity = situation.version, situation.dossier.identity
    leaving = gate_if_qualified(identity, situation.profile)
    try:
        entry = describe_version(version)
        require_current_identity(entry, identity, leaving if version.identity_qualified else None)
        audience = KitAudience.USAGER if _is_citizen(situation) else KitAudience.PROFESSIONALS
        check_masking(visibility_of(entry), audience)
    except AmarreError as error:
        return ControlPoint.blocked(Slot.DOCUMENT, error)
    if not version.identity_qualified and identity.status is Status.QUALIFIEE:
        return ControlPoint(
            Slot.DOCUMENT,
            PointState.LOOK,
            "Document fait avant la qualification de l’identité",
            "Le destinataire ne pourra pas le ranger seul. Une nouvelle version porterait l’INS.",
        )
    return None


def check_chosen_recipient(situation: Situation) -> ControlPoint | None:
    """Somebody is chosen, at an address of the trust space."""
    recipient: Recipient | None = situation.recipient
    if recipient is None:
        return ControlPoint.blocked(Slot.RECIPIENTS, NoRecipient())
    if not recipient.address and recipient.is_by_ins:
        # The point of the identity says why.
        return None
    if not recipient.address:
        return ControlPoint.blocked(Slot.RECIPIENTS, RecipientWithoutAddress(name=recipient.name))
    try:
        check_recipient(recipient.address)
    except AmarreError as error:
        return ControlPoint.blocked(Slot.RECIPIENTS, error)
    if recipient.is_by_ins:
        detail = (
            "Son adresse vient de l’INS qualifiée. Rien ne dit d’avance si elle a ouvert Mon espace santé."
        )
        return ControlPoint(Slot.RECIPIENTS, PointState.GOOD, "À la personne concernée", detail)
    return ControlPoint(Slot.RECIPIENTS, PointState.GOOD, recipient.name, recipient.address)


def check_sent_before(situation: Situation) -> ControlPoint | None:
    """The same version already left to the same mailbox."""
    recipient: Recipient | None = situation.recipient
    if recipient is None:
        return None
    last = earlier_messages(situation, recipient).order_by("-requested_at").first()
    if last is None:
        return None
    return ControlPoint(
        Slot.RECIPIENTS,
        PointState.LOOK,
        f"Déjà envoyé à ce destinataire le {day(last.requested_at)}",
        "Un nouvel envoi sera un second message.",
        reverse("documents:list_messages", kwargs={"dossier_id": situation.dossier.pk}),
        "Voir les messages",
    )


def earlier_messages(situation: Situation, recipient: Recipient) -> QuerySet[MssanteMessage]:
    """Return the messages that carry this version to this mailbox."""
    return MssanteMessage.objects.filter(
        dossier=situation.dossier,
        audience=recipient.audience,
        recipient_address=recipient.kept_address,
        attachments__version=situation.version,
    ).select_related("exchange")


def check_person_informed(situation: Situation) -> ControlPoint:
    """The person knows: an opposition blocks Mon espace santé; between professionals it calls for care."""
    information = current_information(situation.dossier)
    url = reverse("usagers:show_dossier", kwargs={"dossier_id": situation.dossier.pk}) + "#information-dmp"
    opposed = information is not None and information.decision == DmpInformation.Decision.OPPOSITION
    if opposed and _is_citizen(situation):
        return ControlPoint.blocked(Slot.INFORMATION, CitizenOpposed(), url=url, action="Voir la réponse")
    if opposed:
        return ControlPoint(
            Slot.INFORMATION,
            PointState.LOOK,
            "La personne s’oppose au dépôt au DMP",
            "Vérifiez qu’elle accepte cet échange entre professionnels.",
            url,
            "Voir la réponse",
        )
    if information is None:
        detail = "Dites à la personne à qui vous envoyez ce document : elle peut s’y opposer."
        return ControlPoint(
            Slot.INFORMATION, PointState.LOOK, "Information non notée", detail, url, "Noter l’information"
        )
    detail = f"Information donnée le {day(information.informed_on)}."
    return ControlPoint(Slot.INFORMATION, PointState.GOOD, "Personne informée, pas d’opposition", detail)


def check_addresses(situation: Situation) -> ControlPoint:
    """Our mailbox is set, the recipient's address was read lately, the operator answers."""
    profile = situation.profile
    settings_url = reverse("organisations:settings")
    try:
        require_configured(profile)
    except AmarreError as error:
        return ControlPoint.blocked(Slot.ADDRESSES, error, url=settings_url, action="Voir les réglages")
    at = now()
    resting = Circuit.objects.filter(
        essms_id=situation.dossier.essms_id, service="mssante", open_until__gt=at
    ).first()
    if resting is not None and resting.open_until is not None:
        wait = f"Le message attendra et partira seul, pas avant {hour(resting.open_until)}."
        return ControlPoint(Slot.ADDRESSES, PointState.LOOK, "L’opérateur ne répond pas en ce moment", wait)
    recipient: Recipient | None = situation.recipient
    read_at = recipient.fetched_at if recipient is not None else None
    if read_at is not None and read_at < at - datetime.timedelta(days=FRESH_DAYS):
        return ControlPoint(
            Slot.ADDRESSES,
            PointState.LOOK,
            f"Adresse lue dans l’annuaire le {day(read_at)}",
            "Choisissez de nouveau ce destinataire pour relire son adresse.",
        )
    detail = f"Réponses attendues à {profile.mss_reply_to}."
    return ControlPoint(Slot.ADDRESSES, PointState.GOOD, f"Envoi depuis {profile.mss_mailbox}", detail)


def check_mail_certificate(situation: Situation) -> ControlPoint:
    """The certificate of the mailbox is readable and in date."""
    return check_certificates(situation, (CertificatePurpose.MSSANTE_AUTH,))


def _is_citizen(situation: Situation) -> bool:
    recipient: Recipient | None = situation.recipient
    return recipient is not None and recipient.is_by_ins
