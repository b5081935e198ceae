"""The page one opens all day: everything of the chain in twelve queries, whatever was done in the dossier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amarre.dui.access.scope import system_scope
from amarre.dui.documents import selectors
from amarre.dui.documents.models import Document, DocumentVersion
from tests.dui.connected import House

pytestmark = pytest.mark.django_db


@pytest.mark.req("quality-bars P1")
def test_a_dossier_opens_in_twelve_queries(house: House, client_for: Callable[..., Client]) -> None:
    client = client_for(house.loic, house.essms)
    empty, full = house.dossier("jean-riou", informed=False), house.dossier()
    house.filed(full)
    house.filed(full)
    for dossier in (empty, full):
        client.get(f"/dossiers/{dossier.pk}/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/dossiers/{dossier.pk}/").status_code == 200
        assert len(queries) == 12, [query["sql"][:90] for query in queries]


def test_the_documents_of_a_dossier_come_page_by_page(
    house: House, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    version = house.filed()
    dossier = version.document.dossier
    with system_scope("test"):
        copies(version, 4)
    client = client_for(house.loic, house.essms)
    url, seen = f"/dossiers/{dossier.pk}/documents/", []
    while url:
        page = client.get(url)
        seen.append([document.title for document in page.context["documents"]])
        url = (
            page.context["pager"]["next_url"]
            and f"/dossiers/{dossier.pk}/documents/" + (page.context["pager"]["next_url"])
        )
    assert seen == [["Copie 4", "Copie 3"], ["Copie 2", "Copie 1"], ["Projet d'accompagnement personnalisé"]]
    assert client.get(f"/dossiers/{dossier.pk}/documents/?apres=%00").status_code == 200


def copies(version: DocumentVersion, count: int) -> None:
    """File the same bytes again, as other documents of the dossier."""
    for number in range(1, count + 1):
        document = Document.objects.create(
            dossier=version.document.dossier, type_code=version.document.type_code, title=f"Copie {number}",
            source_kind="copie", source_id=number, set_id=f"2.25.{number}",
        )  # fmt: skip
        version.pk, version.document = None, document
        version.unique_id = f"2.25.1.{number}"
        version.save(force_insert=True)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Lettre d'accueil, été", "lettre-d-accueil-ete"),
        ('x"; filename="mal.html', "x-filenamemalhtml"),
        ("../../etc/passwd", "etcpasswd"),
        ("名前", "document"),
    ],
    ids=["ordinary", "quote", "path", "no-letter-of-ours"],
)
def test_a_title_never_writes_the_header_of_a_file(
    house: House, client_for: Callable[..., Client], title: str, name: str
) -> None:
    document = house.filed().document
    with system_scope("test"):
        Document.objects.filter(pk=document.pk).update(title=title)
    client = client_for(house.loic, house.essms)
    answer = client.get(f"/dossiers/{document.dossier_id}/documents/{document.pk}/versions/1/pdf/")
    assert answer["Content-Disposition"] == f'inline; filename="{name}-v1.pdf"'
