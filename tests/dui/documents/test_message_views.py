"""Pages of a message: recipient, control, text, sending; what is out of reach; queries counted."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.documents import selectors
from amarre.dui.documents.models import DocumentVersion, MssanteMessage
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.models import Essms
from tests.dui.conftest import ClientFor
from tests.dui.connected import House
from tests.dui.documents.mail import NO_MAILBOX, entry, send

pytestmark = pytest.mark.django_db


def page_of(version: DocumentVersion) -> str:
    return reverse("documents:send_document", args=[version.document.dossier_id, version.document_id])


@pytest.fixture
def loic(house: House, client_for: ClientFor) -> Client:
    return client_for(house.loic, house.essms)


def test_recipient_then_message_then_follow_up(house: House, loic: Client) -> None:
    version, claire = house.filed(), entry(house)
    chosen = loic.get(page_of(version)).content.decode()
    assert "Destinataires récents" in chosen
    page = loic.get(page_of(version), {"destinataire": claire.pk})
    assert "Envoyer à Claire ROUSSEL" in page.content.decode()
    proposed = page.context["form"].initial["texte"]
    assert "Loïc BREMOND" in proposed
    identity = version.document.dossier.identity
    for trait in (identity.nom_naissance, identity.premier_prenom, identity.date_naissance):
        assert trait.lower() not in proposed.lower()
    sent = {"destinataire": claire.pk, "texte": proposed, "fois": 0}
    answer = loic.post(page_of(version), sent)
    assert answer["Location"] == f"/dossiers/{version.document.dossier_id}/messages/"
    # The same page sent twice (a double click, a reload) is one message.
    assert loic.post(page_of(version), sent).status_code == 302
    with system_scope("test"):
        assert MssanteMessage.objects.count() == 1
    drain()
    assert "Accepté" in loic.get(answer["Location"]).content.decode()


def test_the_person_is_written_to_after_a_second_look(house: House, loic: Client) -> None:
    version = house.filed()
    page = loic.get(page_of(version), {"destinataire": "usager"}).content.decode()
    matricule = version.document.dossier.identity.matricule
    assert matricule not in page
    unseen = loic.post(page_of(version), {"destinataire": "usager", "texte": "Bonjour"})
    assert unseen.status_code == 422
    loic.post(page_of(version), {"destinataire": "usager", "texte": "Bonjour", "identite": "on"})
    with system_scope("test"):
        message = MssanteMessage.objects.get()
    assert (message.audience, message.recipient_address) == ("usager", "")


def test_what_holds_a_message_back_is_in_sight(house: House, loic: Client) -> None:
    version = house.filed(house.dossier(qualified=False))
    to_person = loic.get(page_of(version), {"destinataire": "usager"}).content.decode()
    assert "Envoi retenu" in to_person
    nobody = entry(house, NO_MAILBOX)
    page = loic.get(page_of(version), {"destinataire": nobody.pk}).content.decode()
    assert "pas d’adresse MSSanté pour Camille ROUSSEL" in page
    refused = loic.post(page_of(version), {"destinataire": nobody.pk, "texte": "Bonjour"})
    assert refused.status_code >= 400
    with system_scope("test"):
        assert not MssanteMessage.objects.exists()


def test_several_addresses_are_a_choice(house: House, loic: Client) -> None:
    version, claire = house.filed(), entry(house)
    other = {"address": "cabinet@infirmier.mssante.fr", "kind": "CAB", "label": "boîte du cabinet"}
    with system_scope("test"):
        claire.mailboxes = [*claire.mailboxes, other]
        claire.save()
    page = loic.get(page_of(version), {"destinataire": claire.pk}).content.decode()
    assert page.count('name="adresse"') == 2
    data = {"destinataire": claire.pk, "texte": "Bonjour"}
    assert loic.post(page_of(version), data).status_code == 422
    assert loic.post(page_of(version), {**data, "adresse": "pirate@mssante.fr"}).status_code == 422
    loic.post(page_of(version), {**data, "adresse": other["address"]})
    with system_scope("test"):
        assert MssanteMessage.objects.get().recipient_address == other["address"]


def test_out_of_reach(
    house: House, client_for: ClientFor, charlie: User, other_essms: Essms, loic: Client
) -> None:
    version, claire = house.filed(), entry(house)
    stranger = client_for(charlie, other_essms)
    messages = reverse("documents:list_messages", args=[version.document.dossier_id])
    assert stranger.get(page_of(version)).status_code == 404
    assert stranger.get(messages).status_code == 404
    assert client_for(house.maud, house.essms).get(page_of(version)).status_code == 403
    for odd in ("999999", "0", "-1", "1e3", "9" * 40, "x"):
        assert loic.get(page_of(version), {"destinataire": odd}).status_code in (200, 404)
    assert loic.post(page_of(version), {"destinataire": claire.pk}).status_code == 422


def test_reading_the_messages_is_traced_and_costs_the_same_whatever_their_number(
    house: House,
    loic: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version, claire = house.filed(), entry(house)
    url = reverse("documents:list_messages", args=[version.document.dossier_id])
    send(house, version, entry=claire)
    drain()
    loic.get(url)
    for number in (1, 2, 3):
        with django_assert_num_queries(12):
            loic.get(url)
        send(house, version, entry=claire, again=number)
        drain()
    assert Trace.objects.filter(verb="mssante.consulted").count() == 4
    monkeypatch.setattr(selectors, "PAGE_SIZE", 3)
    first = loic.get(url)
    assert len(first.context["rows"]) == 3
    assert len(loic.get(url + first.context["pager"]["next_url"]).context["rows"]) == 1
