"""The points of « Contrôle avant envoi » that are a deposit's own, plugged in the common engine."""

from __future__ import annotations

from django.urls import reverse

from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.core.clock import now, today
from amarre.dui.dmp.depositors import depositor_once
from amarre.dui.dmp.earlier_versions import deposits_beside, earlier_of, own_deposit
from amarre.dui.dmp.errors import (
    DmpNotConfigured,
    DocumentWithoutIns,
    EarlierVersionUnknown,
    InformationMissing,
    PersonOpposed,
    TypeNotForDmp,
)
from amarre.dui.dmp.readiness.blocking import CERTIFICATES, blocking_prerequisites
from amarre.dui.dmp.readiness.findings import Finding, Place
from amarre.dui.dmp.rules import Moment, is_accepted, rule_of
from amarre.dui.dmp.rules_errors import RoleMayNotDeposit, TypeNeverDeposited
from amarre.dui.documents import store
from amarre.dui.documents.control import (
    ControlPoint,
    PointState,
    Shared,
    Situation,
    Slot,
    Target,
    register_check,
)
from amarre.dui.documents.control_checks import check_certificates
from amarre.dui.documents.errors import DocumentMissing
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.documents.sources import link_to_source
from amarre.dui.exchanges.enums import OPEN_STATES, State
from amarre.dui.exchanges.models import Circuit
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.usagers.services.record_dmp_information import current_information
from amarre.dui.web.dates import day, hour
from amarre.interop.common.errors import AmarreError
from amarre.interop.dmp import MAX_DOCUMENT_BYTES
from amarre.interop.dmp.errors import DmpDocumentTooLarge

DMP_ONLY = (Target.DMP,)


def register_all() -> None:
    """Plug the checks in the engine; called when the application is ready."""
    register_check(Slot.DOCUMENT, DMP_ONLY, check_type_and_ins)
    register_check(Slot.DOCUMENT, DMP_ONLY, check_size)
    register_check(Slot.DOCUMENT, DMP_ONLY, check_rule)
    register_check(Slot.INFORMATION, DMP_ONLY, check_information)
    register_check(Slot.DMP, DMP_ONLY, check_depositor)
    register_check(Slot.DMP, DMP_ONLY, check_dmp)
    register_check(Slot.CERTIFICATE, DMP_ONLY, check_dmp_certificates)


def check_type_and_ins(situation: Situation) -> ControlPoint | None:
    """The DMP takes the type, and the version carries the INS; nothing to say when both hold."""
    version = situation.version
    if not is_accepted(version.document.type_code):
        return ControlPoint.blocked(Slot.DOCUMENT, TypeNotForDmp(type_code=version.document.type_code))
    if not version.identity_qualified:
        url, action = link_to_source(version.document)
        return ControlPoint.blocked(Slot.DOCUMENT, DocumentWithoutIns(), url=url, action=action)
    return None


def check_size(situation: Situation) -> ControlPoint | None:
    """The DMP takes a document of that size; nothing to say when it does."""
    try:
        size = store.size(situation.version.cda_sha256)
    except DocumentMissing as error:
        return ControlPoint.blocked(Slot.DOCUMENT, error)
    if size > MAX_DOCUMENT_BYTES:
        refusal = DmpDocumentTooLarge(size=size // 1024 + 1, limit=MAX_DOCUMENT_BYTES // 1024)
        return ControlPoint.blocked(Slot.DOCUMENT, refusal)
    return None


def check_rule(situation: Situation) -> ControlPoint | None:
    """The establishment deposits this type, by someone of this role; nothing to say of an ordinary rule."""
    version, essms = situation.version, situation.dossier.essms
    if not is_accepted(version.document.type_code):
        return None
    rule = rule_of(version, situation.shared)
    if rule.moment is Moment.JAMAIS:
        return ControlPoint.blocked(Slot.DOCUMENT, TypeNeverDeposited())
    if rule.roles and situation.sender is not None:
        if not rule.roles & roles_of(situation.sender, essms, situation.shared):
            names = ", ".join(role.label.lower() for role in Role if role.value in rule.roles)
            return ControlPoint.blocked(Slot.DOCUMENT, RoleMayNotDeposit(roles=names))
    if rule.moment is Moment.ACCORD and not _awaits_agreement(situation):
        detail = "Un collègue qui a le droit d'approuver les dépôts le verra dans « Dépôts à valider »."
        return ControlPoint(
            Slot.DOCUMENT, PointState.LOOK, "Il partira après l'accord d'une seconde personne", detail
        )
    return None


def _awaits_agreement(situation: Situation) -> bool:
    """Say whether the deposit of the version waits already: its second person is the one who looks."""
    own = own_deposit(situation.version, situation.shared)
    return own is not None and own.exchange.state == State.A_VALIDER


def roles_of(user: User, essms: Essms, shared: Shared) -> frozenset[str]:
    """Return the roles of a person in an establishment today; needs a scope."""
    held = Membership.objects.in_force(today()).filter(user=user, essms=essms)
    return shared.once(("roles", user.pk, essms.pk), lambda: frozenset(held.values_list("role", flat=True)))


def check_information(situation: Situation) -> ControlPoint:
    """The person was told, and does not oppose."""
    return information_point(situation.dossier)


def information_point(dossier: Dossier) -> ControlPoint:
    """Return the point of the information of the person, whatever the document."""
    url = reverse("usagers:show_dossier", kwargs={"dossier_id": dossier.pk}) + "#information-dmp"
    information = current_information(dossier)
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
    return depositor_point(situation.sender, situation.dossier.essms, situation.shared)


def depositor_point(user: User, essms: Essms, shared: Shared) -> ControlPoint | None:
    """Return what the DMP would refuse of `user`, None when it knows them."""

    def judge() -> ControlPoint | None:
        try:
            depositor_once(user, essms, shared)
        except AmarreError as error:
            return ControlPoint.blocked(Slot.DMP, error)
        return None

    return shared.once(("depositor", user.pk, essms.pk), judge)


def check_dmp(situation: Situation) -> ControlPoint:
    """The DMP can be called, and what becomes of an earlier version is known."""
    lacking = [
        finding for finding in _blocked(situation) if finding.key not in CERTIFICATES and finding.error
    ]
    if lacking:
        missing = ", ".join(str(finding.error.params["missing"]) for finding in lacking if finding.error)
        error = DmpNotConfigured(missing=missing)
        return ControlPoint.blocked(Slot.DMP, error, url=lacking[0].url, action=lacking[0].action)
    earlier = earlier_of(deposits_beside(situation.version, situation.shared), situation.version)
    if earlier is not None and earlier.exchange.state == State.A_REFAIRE:
        page = reverse("exchanges:show_exchange", kwargs={"exchange_id": earlier.exchange_id})
        unknown = EarlierVersionUnknown(number=earlier.version.number)
        return ControlPoint.blocked(Slot.DMP, unknown, url=page, action="Voir l'envoi")
    place = _place_in_the_chain(situation.version, earlier)
    circuit = situation.shared.once(
        ("circuit", situation.dossier.essms_id), lambda: _resting_circuit(situation.dossier.essms_id)
    )
    if circuit is not None and circuit.open_until is not None:
        wait = f"Le document attendra et partira seul, pas avant {hour(circuit.open_until)}."
        return ControlPoint(Slot.DMP, PointState.LOOK, "Le DMP ne répond pas en ce moment", place + wait)
    if earlier is not None and earlier.exchange.state in OPEN_STATES:
        label = f"Il partira après la version {earlier.version.number}, encore en cours de dépôt"
        return ControlPoint(Slot.DMP, PointState.LOOK, label, place.strip())
    detail = place + "Au moment du dépôt, Amarre demande d'abord au DMP s'il est ouvert."
    return ControlPoint(Slot.DMP, PointState.GOOD, "DMP joignable", detail)


def check_dmp_certificates(situation: Situation) -> ControlPoint:
    """The two certificates towards the DMP are readable, in date, for their use, and at the right name."""
    for finding in _blocked(situation):
        if finding.key in CERTIFICATES and finding.error is not None:
            return ControlPoint.blocked(
                Slot.CERTIFICATE, finding.error, url=finding.url, action=finding.action
            )
    return check_certificates(situation, tuple(CERTIFICATES.values()))


def _blocked(situation: Situation) -> list[Finding]:
    """Return what refuses every deposit of the establishment, judged once for a whole list."""
    essms, profile, shared = situation.dossier.essms, situation.profile, situation.shared
    findings = shared.once(
        ("prerequisites", essms.pk), lambda: blocking_prerequisites(Place(essms, profile, shared))
    )
    return [finding for finding in findings if finding.state is PointState.BLOCKING]


def _place_in_the_chain(version: DocumentVersion, earlier: DmpDeposit | None) -> str:
    if earlier is None:
        return ""
    when = f", déposée le {day(earlier.accepted_at)}" if earlier.accepted_at is not None else ""
    return f"La version {version.number} remplacera la version {earlier.version.number}{when}. "


def _resting_circuit(essms_id: int) -> Circuit | None:
    return Circuit.objects.filter(essms_id=essms_id, service="dmp", open_until__gt=now()).first()
