"""The two links of the chain that usagers hold: identity, and information about the DMP."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.permissions import Permission
from amarre.dui.usagers.chain import LinkProgress, LinkState
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.usagers.services.record_dmp_information import current_information
from amarre.dui.web.dates import day
from amarre.dui.web.guard import allowed
from amarre.interop.ins.status import Status

_SENTENCES = {
    Status.PROVISOIRE: "Provisoire : il manque une pièce d’identité contrôlée et l’INS.",
    Status.RECUPEREE: "Récupérée d’INSi : il manque une pièce d’identité contrôlée.",
    Status.VALIDEE: "Pièce contrôlée : il manque l’INS.",
    Status.QUALIFIEE: "Qualifiée : l’INS peut accompagner les documents.",
}


def identity_progress(request: HttpRequest, dossier: Dossier) -> LinkProgress:
    """Return how far the identity is."""
    identity = dossier.identity
    url = reverse("usagers:show_identity", kwargs={"dossier_id": dossier.pk})
    if identity.state.blocked:
        mark = "douteuse" if identity.is_douteuse else "fictive"
        sentence = f"Signalée {mark} : INSi n’est pas appelé et l’INS ne sort pas."
        return LinkProgress(LinkState.BLOCKED, sentence, url, "Voir l’identité")
    status = identity.status
    if status is Status.QUALIFIEE:
        return LinkProgress(LinkState.DONE, _SENTENCES[status], url, "Voir l’identité")
    state = LinkState.TO_DO if status is Status.PROVISOIRE else LinkState.GOING
    may_act = allowed(request, Permission.WRITE_IDENTITE, dossier)
    return LinkProgress(state, _SENTENCES[status], url, "Qualifier l’identité" if may_act else "")


def information_progress(request: HttpRequest, dossier: Dossier) -> LinkProgress:
    """Return whether the person was told about the DMP, and what they said."""
    url = reverse("usagers:show_dossier", kwargs={"dossier_id": dossier.pk}) + "#information-dmp"
    information = current_information(dossier)
    if information is None:
        may_act = allowed(request, Permission.FEED_DMP, dossier)
        sentence = "Rien n’est noté : informez la personne avant le premier dépôt."
        return LinkProgress(LinkState.TO_DO, sentence, url, "Noter l’information" if may_act else "")
    on = day(information.informed_on)
    if information.decision == DmpInformation.Decision.OPPOSITION:
        return LinkProgress(LinkState.BLOCKED, f"La personne s’oppose depuis le {on} : aucun dépôt.", url)
    return LinkProgress(LinkState.DONE, f"Informée le {on}, ne s’oppose pas.", url)
