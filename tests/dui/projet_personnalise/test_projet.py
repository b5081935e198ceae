"""From the form to the filed document: who may, what is refused, what is frozen."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from amarre.dui.access.errors import AccessError
from amarre.dui.access.permissions import Permission
from amarre.dui.access.roles import MATRIX
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import today
from amarre.dui.documents import store
from amarre.dui.documents.errors import AuthorIncomplete, ConnectorIncomplete
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.documents.rendering.errors import UnprintableCharacter
from amarre.dui.projet_personnalise.errors import (
    AgreementMissing,
    DraftAlreadyOpen,
    NotItsAuthor,
    ProjetNotDraft,
    ProjetWithoutObjective,
)
from amarre.dui.projet_personnalise.models import ProjetPersonnalise
from amarre.dui.projet_personnalise.selectors import seen_mark
from amarre.dui.projet_personnalise.services.validate_projet import validate_projet
from amarre.dui.projet_personnalise.services.write_projet import write_projet
from amarre.interop.cda import check, decode
from tests.dui.connected import House, projet_text

pytestmark = pytest.mark.django_db
State = ProjetPersonnalise.State


def typed(**changes: str) -> dict[str, str]:
    """What a person types in the form."""
    start = today()
    values = {
        "expectations": "Rester chez elle.",
        "context": "",
        "starts_on": start.strftime("%d/%m/%Y"),
        "review_on": (start + datetime.timedelta(days=180)).strftime("%d/%m/%Y"),
        "agreement": "accord",
        "agreed_on": start.strftime("%d/%m/%Y"),
        "o-TOTAL_FORMS": "2",
        "o-INITIAL_FORMS": "0",
        "o-0-title": "Marcher",
        "o-0-actions": "Dix minutes par jour",
        "o-0-who": "",
        "o-0-due_on": "",
        "o-1-title": "",
        "o-1-actions": "",
        "o-1-who": "",
        "o-1-due_on": "",
    }
    return values | changes


@pytest.fixture
def loic(house: House, client_for: Callable[..., Client]) -> Client:
    return client_for(house.loic, house.essms)


def test_validated_and_filed_with_its_document(house: House) -> None:
    dossier = house.dossier()
    version = house.filed(dossier)
    cda = store.get(version.cda_sha256)
    document = decode(cda)
    assert version.identity_qualified
    assert document.type_code.code == "80788-3"
    assert [finding for finding in check(cda) if finding.severity.name == "ERROR"] == []
    assert Trace.objects.filter(verb__in=["projet.validated", "document.filed"]).count() == 2


def test_a_new_version_replaces_the_projet_and_the_document(house: House) -> None:
    dossier = house.dossier()
    first, second = house.filed(dossier), house.filed(dossier)
    assert (first.document_id, second.number) == (second.document_id, 2)
    with system_scope("test"):
        states = list(dossier.projets.order_by("version").values_list("state", flat=True))
    assert states == [State.REMPLACE, State.VALIDE]
    assert first.unique_id.encode() in store.get(second.cda_sha256)


@pytest.mark.req("GI-INS EXI ID 29")
def test_without_qualification_no_matricule_leaves(house: House) -> None:
    version = house.filed(house.dossier(qualified=False))
    assert not version.identity_qualified
    assert b"1.2.250.1.213.1.4." not in store.get(version.cda_sha256)


def test_a_text_written_meanwhile_is_neither_lost_nor_signed_unread(house: House, loic: Client) -> None:
    dossier = house.dossier()
    page = f"/dossiers/{dossier.pk}/projet/"
    first = write_projet(dossier=dossier, text=projet_text(), actor=house.actor)
    read = seen_mark(first)
    colleague = dataclasses.replace(projet_text(), expectations="Revoir la mer.")
    write_projet(dossier=dossier, text=colleague, actor=house.actor, projet=first)
    assert loic.post(f"{page}{first.pk}/valider/", {"vu": read}).status_code == 409
    late = loic.post(f"{page}ecrire/", typed(vu=read))
    assert late.status_code == 422
    assert "Rester chez elle." in late.content.decode(), "what was typed is shown again"
    with system_scope("test"):
        kept = dossier.projets.get()
    assert (kept.state, kept.expectations) == (State.BROUILLON, "Revoir la mer.")
    again = late.context["seen"]
    assert again == seen_mark(kept)
    assert loic.post(f"{page}ecrire/", typed(vu=again)).status_code == 302


def test_a_page_left_open_does_not_begin_a_new_version(house: House, loic: Client) -> None:
    dossier = house.dossier()
    page = f"/dossiers/{dossier.pk}/projet/ecrire/"
    draft = write_projet(dossier=dossier, text=projet_text(), actor=house.actor)
    opened = loic.get(page).context["seen"]
    validate_projet(projet=draft, actor=house.actor)
    assert loic.post(page, typed(vu=opened)).status_code == 422
    with system_scope("test"):
        assert list(dossier.projets.values_list("state", flat=True)) == [State.VALIDE]


def test_an_establishment_without_any_setting_is_told_so(house: House) -> None:
    projet = write_projet(dossier=house.dossier(), text=projet_text(), actor=house.actor)
    with system_scope("test"):
        house.profile.delete()
    with pytest.raises(ConnectorIncomplete):
        validate_projet(projet=projet, actor=house.actor)


def test_a_validated_projet_never_changes(house: House) -> None:
    dossier = house.dossier()
    house.filed(dossier)
    with system_scope("test"):
        projet = dossier.projets.get()
    with pytest.raises(ProjetNotDraft):
        write_projet(dossier=dossier, text=projet_text(), actor=house.actor, projet=projet)
    with pytest.raises(ProjetNotDraft):
        validate_projet(projet=projet, actor=house.actor)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"objectives": ()}, ProjetWithoutObjective),
        ({"agreement": "non_recueilli", "agreed_on": None}, AgreementMissing),
        ({"expectations": "Des fleurs \U0001f33c"}, UnprintableCharacter),
    ],
)
def test_what_is_not_ready_is_refused_and_nothing_is_filed(
    house: House, change: dict[str, Any], refusal: type[Exception]
) -> None:
    text = dataclasses.replace(projet_text(), **change)
    projet = write_projet(dossier=house.dossier(), text=text, actor=house.actor)
    with pytest.raises(refusal):
        validate_projet(projet=projet, actor=house.actor)
    with system_scope("test"):
        projet.refresh_from_db()
        assert projet.state == State.BROUILLON
        assert DocumentVersion.objects.count() == 0


def test_one_draft_at_a_time_and_dates_in_order(house: House) -> None:
    dossier = house.dossier()
    write_projet(dossier=dossier, text=projet_text(), actor=house.actor)
    with pytest.raises(DraftAlreadyOpen):
        write_projet(dossier=dossier, text=projet_text(), actor=house.actor)
    backwards = projet_text(review_on=today())
    with pytest.raises(ValidationError):
        write_projet(dossier=house.dossier("jean-riou"), text=backwards, actor=house.actor)


def test_only_its_author_validates(house: House) -> None:
    projet = write_projet(dossier=house.dossier(), text=projet_text(), actor=house.actor)
    other = dataclasses.replace(house.actor, user_id=house.maud.pk)
    with pytest.raises(NotItsAuthor):
        validate_projet(projet=projet, actor=other)


def test_identity_referent_may_not_write(house: House) -> None:
    with pytest.raises(AccessError):
        write_projet(dossier=house.dossier(), text=projet_text(), actor=house.referent)


def test_an_author_without_profession_is_explained(house: House) -> None:
    projet = write_projet(dossier=house.dossier(), text=projet_text(), actor=house.actor)
    with system_scope("test"):
        house.loic.memberships.update(author_code="")
    with pytest.raises(AuthorIncomplete):
        validate_projet(projet=projet, actor=house.actor)


def test_through_the_screens(house: House, loic: Client) -> None:
    dossier = house.dossier()
    base = f"/dossiers/{dossier.pk}/projet/"
    assert "n’a pas encore de projet" in loic.get(base).content.decode()
    added = loic.post(base + "ecrire/", typed(ajouter="1"))
    assert added.status_code == 200
    assert "Objectif 3" in added.content.decode()
    assert "Marcher" in added.content.decode()
    assert loic.post(base + "ecrire/", typed()).status_code == 302
    page = loic.get(base).content.decode()
    assert "Valider le projet" in page
    with system_scope("test"):
        projet = ProjetPersonnalise.objects.get()
    answer = loic.post(f"{base}{projet.pk}/valider/", {"vu": seen_mark(projet)}, follow=True)
    assert "son document est classé" in answer.content.decode()
    with system_scope("test"):
        document = Document.objects.get()
    pdf = loic.get(f"/dossiers/{dossier.pk}/documents/{document.pk}/versions/1/pdf/")
    assert pdf.content.startswith(b"%PDF-1.4")
    assert "QUERE" not in pdf["Content-Disposition"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expectations": ""}, "Attentes de la personne"),
        ({"review_on": "01/01/2020"}, "La révision vient après le début du projet"),
        ({"starts_on": "31/02/2026"}, "Cette date n’existe pas"),
        ({"agreed_on": ""}, "Indiquez le jour où la personne a donné son avis"),
        ({"o-0-actions": ""}, "Actions"),
        ({"o-TOTAL_FORMS": "abc"}, "Objectifs"),
    ],
)
def test_bad_input_is_shown_where_it_is(
    house: House, loic: Client, change: dict[str, str], words: str
) -> None:
    dossier = house.dossier()
    answer = loic.post(f"/dossiers/{dossier.pk}/projet/ecrire/", typed(**change))
    assert answer.status_code == 422
    assert words in answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    with system_scope("test"):
        assert ProjetPersonnalise.objects.count() == 0


def test_strangers_see_nothing(
    house: House, client_for: Callable[..., Client], charlie: Any, other_essms: Any
) -> None:
    dossier = house.dossier()
    stranger = client_for(charlie, other_essms)
    for path in ("projet/", "projet/ecrire/", "documents/"):
        assert stranger.get(f"/dossiers/{dossier.pk}/{path}").status_code == 404


def test_my_drafts_are_counted_on_the_home_page(house: House, loic: Client) -> None:
    write_projet(dossier=house.dossier(), text=projet_text(), actor=house.actor)
    assert "Mes brouillons de projet" in loic.get("/").content.decode()
    assert "Marie-Therese QUERE" in loic.get("/projets/mes-brouillons/").content.decode()


def test_whoever_writes_a_projet_may_validate_their_own() -> None:
    """Only its author validates a projet: a role that could write and not validate would leave it a draft."""
    for role, granted in MATRIX.items():
        if Permission.WRITE_PROJET in granted:
            assert Permission.VALIDATE_PROJET in granted, role


def test_validating_asks_the_right_to_validate(house: House) -> None:
    projet = write_projet(dossier=house.dossier(), text=projet_text(), actor=house.actor)
    author_without_role = dataclasses.replace(house.actor, roles=frozenset({"secretariat"}))
    with pytest.raises(AccessError):
        validate_projet(projet=projet, actor=author_without_role)


def test_what_is_missing_is_said_before_the_button_is_pressed(house: House, loic: Client) -> None:
    page = f"/dossiers/{house.dossier().pk}/projet/"
    loic.post(page + "ecrire/", typed(agreement="non_recueilli", agreed_on=""))
    held = loic.get(page).content.decode()
    assert "Pas encore prêt" in held
    assert AgreementMissing().explanation().what.replace("'", "’") in held
    with system_scope("test"):
        seen = seen_mark(ProjetPersonnalise.objects.get())
    assert loic.post(page + "ecrire/", typed(vu=seen)).status_code == 302
    ready = loic.get(page).content.decode()
    assert "Pas encore prêt" not in ready
    assert "Valider le projet" in ready
