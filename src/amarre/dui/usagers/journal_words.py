"""The words of the codes that identities and dossiers write in the journal, and the names of dossiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.audit import dossier_names
from amarre.dui.audit.dossier_names import NamedDossier
from amarre.dui.audit.value_words import say
from amarre.dui.core.actor import Actor
from amarre.dui.usagers.collision_points import POINTS
from amarre.dui.usagers.models import (
    CollisionCase,
    Discrepancy,
    DmpInformation,
    Dossier,
    EvidenceCopy,
    InsiSearch,
    VerificationItem,
)
from amarre.dui.usagers.presenters import usual_name
from amarre.dui.usagers.services.request_insi_search import KIND as SEARCH
from amarre.dui.usagers.services.verification_lots import KIND as VERIFICATION
from amarre.interop.ins import DEVICES, TRAIT_LABELS
from amarre.interop.ins.status import Event

_FIELDS = {trait.value: label for trait, label in TRAIT_LABELS.items()} | {
    "nom_utilise": "nom utilisé",
    "prenom_utilise": "prénom utilisé",
    "lieu_libelle": "commune de naissance",
}
_EVENTS = {
    Event.POSER_HOMONYME: "homonyme signalé",
    Event.RETIRER_HOMONYME: "homonyme retiré",
    Event.POSER_DOUTEUSE: "doute signalé",
    Event.RETIRER_DOUTEUSE: "doute levé",
    Event.POSER_FICTIVE: "identité signalée fictive",
    Event.RETIRER_FICTIVE: "signalement fictif retiré",
}


def register() -> None:
    """Register everything; called once, when the application is ready."""
    say("", kind={SEARCH: "recherche INSi", VERIFICATION: "vérification INSi"})
    say("", device={one.code: one.label for one in DEVICES} | {"": "autre document"})
    say("identity.changed", fields=_FIELDS, event={event.value: words for event, words in _EVENTS.items()})
    say("identity.scanned", means={"lecteur": "lecteur de code", "photo": "photo"})
    say("insi.requested", means=_lower(InsiSearch.Means.choices))
    say("insi.answered", outcome=_lower(InsiSearch.Outcome.choices))
    say("insi.verified", outcome=_lower(VerificationItem.Outcome.choices))
    say(
        "discrepancy.opened",
        kind=_lower(Discrepancy.Kind.choices),
        origin=_lower(Discrepancy.Origin.choices),
    )
    say("discrepancy.settled", decision=_lower(Discrepancy.Decision.choices))
    say("collision.opened", level=_lower(CollisionCase.Level.choices))
    say("collision.closed", conclusion=_lower(CollisionCase.Conclusion.choices))
    say("collision.point_checked", point=_lower((one.code, one.label) for one in POINTS))
    sides = {"survivor": "celle qui reste", "absorbed": "celle qui est réunie", "dossier": "dossier"}
    for verb in ("identity.merged", "identity.unmerged"):
        say(verb, side=sides)
    say("evidence.copy_erased", end=_lower(EvidenceCopy.End.choices))
    say(
        "dmp.information_recorded",
        decision=_lower(DmpInformation.Decision.choices),
        access=_lower(DmpInformation.Access.choices),
        said_by=_field_words("said_by"),
        means=_field_words("means"),
    )
    dossier_names.provide(_named)


def _lower(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the labels as they are read after a colon."""
    return {code: label[:1].lower() + label[1:] if label[1:2].islower() else label for code, label in choices}


def _field_words(name: str) -> dict[str, str]:
    field = DmpInformation._meta.get_field(name)
    return _lower((str(code), str(label)) for code, label in getattr(field, "choices", None) or ())


def _named(actor: Actor, ids: Iterable[str]) -> Mapping[str, NamedDossier]:
    """Return the dossiers in scope among `ids`, for who reads identities; one query."""
    if not can(actor, Permission.READ_IDENTITE):
        return {}
    wanted = [int(one) for one in ids if one.isdecimal()]
    rows = Dossier.objects.visible_to(actor).select_related("identity").filter(pk__in=wanted)
    return {
        str(one.pk): NamedDossier(
            f"Dossier {one.number}, {usual_name(one.identity)}",
            reverse("usagers:show_dossier", kwargs={"dossier_id": one.pk}),
        )
        for one in rows
    }
