"""The pages of a deposit: the control, the button, the follow-up, and who may not."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.models import Essms
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.connected import House
from tests.dui.documents.test_file_ready_pdf import PDF, file


def page_of(version: DocumentVersion, name: str = "dmp:deposit") -> str:
    document = version.document
    return reverse(name, args=[document.dossier_id, document.pk])


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.content[:2000]
    return (
        response.content.decode()
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
        .replace("’", "'")
        .replace("&#x27;", "'")
    )


def test_the_control_says_what_is_good_and_the_button_is_filled(house: House, client_for: ClientFor) -> None:
    version = house.filed()
    text = text_of(client_for(house.loic), page_of(version))
    assert "6 points bons" in text
    assert "rien de bloquant" in text
    assert '<button class="btn btn-primary" type="submit">' in text


def test_from_the_document_to_the_dmp_and_back(house: House, client_for: ClientFor) -> None:
    version = house.filed()
    client = client_for(house.loic)
    document_page = page_of(version, "documents:show_document")
    assert page_of(version) in text_of(client, document_page)
    response = client.post(page_of(version))
    assert (response.status_code, response["Location"]) == (302, document_page)
    waiting = text_of(client, document_page)
    assert "Où en est la version 1" in waiting
    assert page_of(version) not in waiting, "one deposit: no second button"
    assert "hx-trigger" in waiting
    drain()
    done = text_of(client, document_page)
    assert "le suivi s'arrête là" in done
    assert "every 3s" not in done
    assert client.get(page_of(version))["Location"] == document_page


def test_what_the_screen_shows_as_blocking_the_service_refuses(house: House, client_for: ClientFor) -> None:
    version = house.filed(house.dossier(informed=False))
    client = client_for(house.loic)
    text = text_of(client, page_of(version))
    assert 'aria-disabled="true"' in text
    sentence = "Il n'est pas noté que la personne a été informée du dépôt au DMP."
    assert sentence in text
    refused = client.post(page_of(version))
    assert refused.status_code == 422
    assert "DMP-060" in refused.content.decode()


def test_a_document_too_heavy_for_the_dmp_is_said_before_and_never_called_ready(
    house: House, client_for: ClientFor
) -> None:
    heavy = PDF + b"\n%" + b"x" * 4_200_000
    version = file(house, house.dossier(), pdf=heavy)
    client = client_for(house.loic)
    text = text_of(client, page_of(version))
    assert "Le document est trop volumineux pour le DMP" in text
    assert 'aria-disabled="true"' in text
    waiting = text_of(client, reverse("dmp:list_proposals"))
    assert "trop volumineux" in waiting
    assert "Déposer le document prêt" not in waiting
    assert "DMP-041" in client.post(page_of(version)).content.decode()


def test_a_document_whose_file_is_gone_is_said_before(house: House, client_for: ClientFor) -> None:
    version = house.filed()
    digest = version.cda_sha256
    default_storage.delete(f"{digest[:2]}/{digest[2:4]}/{digest}")
    text = text_of(client_for(house.loic), page_of(version))
    assert "Le fichier de ce document est introuvable" in text


def test_the_colleague_without_the_right_sees_no_button_and_is_refused(
    house: House, client_for: ClientFor
) -> None:
    version = house.filed()
    director = factories.make_user("Bruno", "Allard")
    factories.give_role(director, house.essms, Role.DIRECTION)
    client = client_for(director)
    assert "Déposer au DMP" not in text_of(client, page_of(version, "documents:show_document"))
    assert client.get(page_of(version)).status_code == 403
    assert client.post(page_of(version)).status_code == 403


def test_the_stranger_finds_nothing(
    house: House, charlie: User, other_essms: Essms, client_for: ClientFor
) -> None:
    version = house.filed()
    nurse = factories.make_user("Nora", "Le Bris")
    factories.give_role(nurse, other_essms, Role.SOINS)
    client = client_for(nurse)
    assert client.get(page_of(version)).status_code == 404
    assert client.post(page_of(version)).status_code == 404
