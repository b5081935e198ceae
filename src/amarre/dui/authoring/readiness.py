"""« Avant de valider »: what the author should see, one engine for the screen; the service refuses the same.

Points have the shape of `composants/controle.html`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from amarre.dui.authoring.blocks import kind_of
from amarre.dui.authoring.document import template_of_ecrit
from amarre.dui.authoring.errors import NotItsAuthor
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.printed import first_problem
from amarre.dui.authoring.services.start_ecrit import require_signer
from amarre.dui.core.actor import Actor
from amarre.dui.documents.authors import author_card
from amarre.dui.documents.clinical_document import require_complete
from amarre.dui.organisations.selectors import profile_of
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins.status import Status

GOOD, LOOK, BLOCKING = "bon", "regarder", "bloquant"


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the list."""

    state: str
    label: str
    detail: str = ""
    url: str = ""
    action: str = ""


def points_of(ecrit: Ecrit, actor: Actor, unprintable: AmarreError | None) -> list[Point]:
    """Return the points in their fixed order. `unprintable` is what the preview could not print, if so.

    `ecrit.dossier` is in scope, with its identity and establishment.
    """
    return [_parts(ecrit, unprintable), _author(ecrit, actor), _settings(ecrit), _identity(ecrit)]


def is_ready(points: list[Point]) -> bool:
    """Tell whether nothing holds the validation."""
    return all(point.state != BLOCKING for point in points)


def _parts(ecrit: Ecrit, unprintable: AmarreError | None) -> Point:
    template = template_of_ecrit(ecrit)
    missing = [
        block
        for block in template.blocks
        if block.required and kind_of(block).is_empty(block, ecrit.content.get(block.key, {}))
    ]
    if missing:
        names = ", ".join(f"« {block.title} »" for block in missing)
        url = f"{_page(ecrit, 'write')}#bloc-{missing[0].key}"
        return Point(BLOCKING, f"Il manque : {names}", "", url, "Compléter")
    problem = first_problem(template, ecrit.content)
    if problem:
        return Point(BLOCKING, f"« {problem[0]} » : {problem[1]}", "", _page(ecrit, "write"), "Corriger")
    if unprintable is not None:
        said = unprintable.explanation()
        return Point(BLOCKING, said.what, said.advice, _page(ecrit, "write"), "Corriger")
    return Point(GOOD, "Toutes les parties demandées sont remplies")


def _author(ecrit: Ecrit, actor: Actor) -> Point:
    if ecrit.author_id != actor.user_id:
        said = NotItsAuthor(author=ecrit.author.get_full_name()).explanation()
        return Point(BLOCKING, said.what, said.advice)
    try:
        require_signer(template_of_ecrit(ecrit), ecrit.author, ecrit.dossier.essms)
        card = author_card(ecrit.author, ecrit.dossier.essms)
    except AmarreError as error:
        said = error.explanation()
        return Point(BLOCKING, said.what, said.advice)
    return Point(GOOD, f"Vous signez : {card.full_name}, {card.function.lower()}")


def _settings(ecrit: Ecrit) -> Point:
    try:
        require_complete(profile_of(ecrit.dossier.essms))
    except AmarreError as error:
        said = error.explanation()
        return Point(BLOCKING, said.what, said.advice, reverse("organisations:settings"), "Voir les réglages")
    return Point(GOOD, "Établissement prêt à faire des documents")


def _identity(ecrit: Ecrit) -> Point:
    if ecrit.dossier.identity.status is Status.QUALIFIEE:
        return Point(GOOD, "Identité qualifiée", "Le document portera l’INS et son Datamatrix.")
    url = reverse("usagers:show_identity", kwargs={"dossier_id": ecrit.dossier_id})
    return Point(
        LOOK,
        "Identité pas encore qualifiée",
        "Le document n’aura ni INS ni Datamatrix. Une nouvelle version les portera, une fois l’identité "
        "qualifiée.",
        url,
        "Voir l’identité",
    )


def _page(ecrit: Ecrit, name: str) -> str:
    return reverse(f"authoring:{name}", kwargs={"dossier_id": ecrit.dossier_id, "ecrit_id": ecrit.pk})
