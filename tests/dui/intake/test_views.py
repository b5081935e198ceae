"""The pages: a document brought, described, read, validated or refused; one received, read only."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import today
from amarre.dui.documents import store
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.intake import preparation, reader
from amarre.dui.intake.apart import joining
from amarre.dui.intake.apart.verdicts import Refused
from amarre.dui.intake.models import ImportedDocument, ReceivedDocument
from amarre.dui.intake.reader import Converted
from amarre.dui.intake.refusals import refusal_of
from amarre.dui.intake.selectors import read_mark
from amarre.dui.intake.services import validate_imported as validation
from amarre.dui.intake.services.file_received import Received, file_received
from amarre.dui.usagers.models import Dossier
from tests.dui import factories
from tests.dui.connected import House
from tests.dui.dmp.test_deposit_views import text_of
from tests.dui.intake.brought import bring, colleague, paper, reload
from tests.dui.intake.corpus.hostile_pdfs import HOSTILE_PDFS
from tests.dui.intake.corpus.hostile_pictures import SECRET, located
from tests.dui.intake.corpus.ordinary_pdfs import by_typst
from tests.dui.intake.test_cda_page import structured

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
State = ImportedDocument.State


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch, admit_here: Callable[..., Any]) -> None:
    """The process of the reader is tested elsewhere: here its functions are called."""

    def convert(files: list[bytes], **options: Any) -> Converted:
        try:
            kept = admit_here(*files)
        except Refused as refused:
            raise refusal_of(refused.reason) from None
        return Converted(kept.pdf, kept.pages, kept.text, kept.notes)

    def join(*, cover: bytes, band: bytes, body: bytes, title: str) -> bytes:
        return joining.join(cover, band, body, title)

    monkeypatch.setattr(preparation, "convert", convert)
    monkeypatch.setattr(validation, "join", join)


@pytest.fixture
def loic(house: House, client_for: ClientFor) -> Client:
    return client_for(house.loic, house.essms)


def at(name: str, dossier: Dossier, **more: int | str) -> str:
    return reverse(f"intake:{name}", kwargs={"dossier_id": dossier.pk, **more})


def sent(data: bytes, name: str = "QUERE Marie.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def described(house: House, **changes: str) -> dict[str, str]:
    values = {
        "type_code": "34112-3",
        "title": "",
        "act_on": today().strftime("%d/%m/%Y"),
        "author": "ailleurs",
        "outside_given": "Aminata",
        "outside_family": "Sow",
        "outside_profession": "G15_10/SM04|1.2.250.1.213.1.1.4.5",
        "outside_organisation": "CH du Large",
        "outside_rpps": "",
        "outside_finess": "",
        "responsible": str(house.loic.pk),
    }
    return values | changes


def describe(client: Client, dossier: Dossier, values: dict[str, str]) -> Any:
    """Send the description from the page that shows the files."""
    shown = client.get(at("describe", dossier)).context["mark"]
    return client.post(at("describe", dossier), values | {"fichier": shown})


def only_imported() -> ImportedDocument:
    with system_scope("test"):
        return ImportedDocument.objects.get()


@pytest.mark.req("C8")
def test_from_the_paper_to_the_filed_document(house: House, loic: Client) -> None:
    dossier = house.dossier()
    page = loic.get(reverse("documents:list_documents", kwargs={"dossier_id": dossier.pk}))
    assert at("choose_files", dossier) in page.text
    answer = loic.post(at("choose_files", dossier), {"papers": [sent(by_typst()), sent(by_typst())]})
    assert answer.headers["Location"] == at("describe", dossier)
    page = loic.get(at("describe", dossier))
    assert "4 pages" in page.text
    assert loic.get(at("waiting_page", dossier, number=4)).content.startswith(b"\x89PNG")
    assert loic.get(at("waiting_page", dossier, number=5)).status_code == 404
    answer = describe(loic, dossier, described(house))
    imported = only_imported()
    assert answer.headers["Location"] == at("review", dossier, imported_id=imported.pk)
    assert imported.title == "CR hospitalier (séjour)"
    page = loic.get(answer.headers["Location"])
    assert "Valider et classer" in page.text
    assert "Aminata Sow" in page.text
    for name in ("cover_page", "body_page"):
        more = {"number": 1} if name == "body_page" else {}
        shown = loic.get(at(name, dossier, imported_id=imported.pk, **more))
        assert shown.content.startswith(b"\x89PNG")
    answer = loic.post(at("validate", dossier, imported_id=imported.pk), {"vu": read_mark(reload(imported))})
    with system_scope("test"):
        version = DocumentVersion.objects.get()
    assert answer.headers["Location"].endswith(f"/documents/{version.document_id}/")
    page = loic.get(answer.headers["Location"])
    assert "Aminata SOW" in page.text
    assert "Voir le document d’origine" in page.text
    assert "Déposer au DMP" in page.text


def test_what_waits_is_forgotten_once_described(house: House, loic: Client) -> None:
    dossier = house.dossier()
    loic.post(at("choose_files", dossier), {"photo": sent(by_typst())})
    describe(loic, dossier, described(house))
    assert loic.post(at("describe", dossier), described(house)).status_code == 409
    assert loic.get(at("describe", dossier)).headers["Location"] == at("choose_files", dossier)


def test_a_description_never_goes_to_files_brought_since_in_another_tab(house: House, loic: Client) -> None:
    dossier = house.dossier()
    loic.post(at("choose_files", dossier), {"papers": sent(by_typst())})
    first = loic.get(at("describe", dossier)).context["mark"]
    loic.post(at("choose_files", dossier), {"papers": [sent(by_typst()), sent(by_typst())]})
    answer = loic.post(at("describe", dossier), described(house) | {"fichier": first})
    assert answer.status_code == 409
    assert "Un autre fichier a été apporté depuis" in answer.text
    assert "Aminata" in answer.text
    with system_scope("test"):
        assert not ImportedDocument.objects.exists()
    again = described(house) | {"fichier": answer.context["mark"]}
    assert loic.post(at("describe", dossier), again).status_code == 302


def test_what_waits_is_of_one_dossier_and_one_session(
    house: House, loic: Client, client_for: ClientFor
) -> None:
    dossier, other = house.dossier(), house.dossier("pierre-alain-dartagnan")
    loic.post(at("choose_files", dossier), {"papers": sent(by_typst())})
    assert loic.get(at("describe", other)).status_code == 302
    assert client_for(house.loic, house.essms).get(at("describe", dossier)).status_code == 302
    assert loic.get(at("describe", dossier)).status_code == 200
    assert loic.post(at("abandon", dossier)).status_code == 302
    assert loic.get(at("describe", dossier)).status_code == 302


@pytest.mark.req("quality-bars 1.3, class 5")
def test_a_refused_file_is_explained_and_leaves_one_trace(house: House, loic: Client) -> None:
    dossier = house.dossier()
    launch = next(case for case in HOSTILE_PDFS if "lancé à l'ouverture" in case.name)
    answer = loic.post(at("choose_files", dossier), {"papers": sent(launch.make())})
    assert answer.status_code == 422
    assert "cherche à lancer un programme" in answer.text.replace("\u00a0", " ")
    with system_scope("test"):
        (trace,) = Trace.objects.filter(verb="import.refused")
        assert not ImportedDocument.objects.exists()
    assert trace.details == {"code": "REC-017"}
    assert trace.outcome == "refused"


def test_too_many_bytes_are_cut_while_they_arrive(house: House, loic: Client) -> None:
    answer = loic.post(at("choose_files", house.dossier()), {"papers": sent(bytes(21 * 1024 * 1024))})
    assert answer.status_code == 422
    assert "20" in answer.text
    assert "REC-026" in answer.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"type_code": ""}, "Choisissez le type"),
        ({"act_on": "31/12/2099"}, "pas encore passée"),
        ({"author": ""}, "Dites qui a écrit"),
        ({"outside_family": ""}, "Écrivez le nom"),
        ({"outside_profession": ""}, "Choisissez sa profession"),
        ({"outside_rpps": "10000000000"}, "clé est fausse"),
        ({"outside_finess": "12"}, "FINESS"),
        ({"responsible": ""}, "Choisissez qui relit"),
    ],
)
def test_a_description_that_lacks_something_is_refused(
    house: House, loic: Client, changes: dict[str, str], words: str
) -> None:
    dossier = house.dossier()
    loic.post(at("choose_files", dossier), {"papers": sent(by_typst())})
    answer = describe(loic, dossier, described(house, **changes))
    assert answer.status_code == 422
    assert words in answer.text
    with system_scope("test"):
        assert not ImportedDocument.objects.exists()


def test_the_token_of_the_form_is_asked(house: House) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.loic)
    answer = client.post(at("choose_files", house.dossier()), {"papers": sent(by_typst())})
    assert answer.status_code == 403


def test_a_description_is_corrected_while_it_waits(house: House, loic: Client) -> None:
    dossier = house.dossier()
    imported = bring(house, dossier)
    address = at("edit", dossier, imported_id=imported.pk)
    assert "Sow" in loic.get(address).text
    loic.post(address, described(house, title="Compte rendu corrigé", author=str(house.loic.pk)))
    held = reload(imported)
    assert (held.title, held.author, held.outside_family) == ("Compte rendu corrigé", house.loic, "")


def test_a_colleague_answers_for_it_then_validates(house: House, client_for: ClientFor) -> None:
    dossier = house.dossier()
    imported = bring(house, dossier)
    nadia = colleague(house.essms)
    client = client_for(nadia, house.essms)
    page = client.get(at("review", dossier, imported_id=imported.pk))
    assert "En répondre à sa place" in page.text
    assert "Valider et classer" not in page.text
    client.post(at("answer_for", dossier, imported_id=imported.pk))
    page = client.get(at("review", dossier, imported_id=imported.pk))
    assert "Valider et classer" in page.text


def test_what_changed_is_shown_again_before_it_is_signed(house: House, loic: Client) -> None:
    dossier = house.dossier()
    imported = bring(house, dossier)
    answer = loic.post(at("validate", dossier, imported_id=imported.pk), {"vu": "autre"}, follow=True)
    assert answer.redirect_chain[0][0] == at("review", dossier, imported_id=imported.pk)
    assert "a changé depuis" in answer.text


def test_a_refusal_asks_why_and_is_read_in_the_dossier(house: House, loic: Client) -> None:
    dossier = house.dossier()
    imported = bring(house, dossier)
    address = at("refuse", dossier, imported_id=imported.pk)
    assert loic.post(address, {"reason": ""}).status_code == 422
    loic.post(address, {"reason": "Illisible, à numériser de nouveau."})
    assert reload(imported).state == State.REFUSE
    page = loic.get(reverse("documents:list_documents", kwargs={"dossier_id": dossier.pk}))
    assert "Illisible" in page.text
    page = loic.get(at("review", dossier, imported_id=imported.pk))
    assert "n’est pas classé" in page.text
    assert "Valider et classer" not in page.text


def test_what_was_sent_is_saved_and_never_opened_in_the_site(house: House, loic: Client) -> None:
    dossier = house.dossier()
    imported = bring(house, dossier)
    for name, more in (("download_original", {"rank": 1}), ("download_copy", {})):
        answer = loic.get(at(name, dossier, imported_id=imported.pk, **more))
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "QUERE" not in answer.headers["Content-Disposition"]
        assert answer.content.startswith(b"%PDF-")
    assert loic.get(at("download_original", dossier, imported_id=imported.pk, rank=2)).status_code == 404


@pytest.mark.req("quality-bars 1.3, class 11")
def test_strangers_find_nothing_and_readers_only_read(
    house: House, charlie: User, client_for: ClientFor
) -> None:
    dossier = house.dossier()
    imported = bring(house, dossier)
    director = factories.make_user("Hélène", "Tassin")
    factories.give_role(director, house.essms, Role.DIRECTION)
    far, reading = client_for(charlie), client_for(director, house.essms)
    one = {"imported_id": imported.pk}
    for name, more in (
        ("choose_files", {}), ("describe", {}), ("edit", one), ("refuse", one), ("review", one),
        ("cover_page", one), ("body_page", one | {"number": 1}), ("download_copy", one),
        ("download_original", one | {"rank": 1}),
    ):  # fmt: skip
        assert far.get(at(name, dossier, **more)).status_code == 404, name
    for name, more in (("choose_files", {}), ("describe", {}), ("edit", one), ("refuse", one)):
        assert reading.get(at(name, dossier, **more)).status_code == 403, name
    for name in ("validate", "answer_for", "reopen"):
        assert far.post(at(name, dossier, **one)).status_code == 404, name
        assert reading.post(at(name, dossier, **one)).status_code == 403, name
    page = reading.get(at("review", dossier, **one))
    assert page.status_code == 200
    assert "Refuser ce document" not in page.text
    other = house.dossier("pierre-alain-dartagnan")
    assert reading.get(at("review", other, **one)).status_code == 404


def test_the_list_reads_the_same_number_of_rows_whatever_waits(
    house: House, loic: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    bring(house, house.dossier())
    address = reverse("intake:list_to_validate")
    loic.get(address)
    with django_assert_num_queries(10):
        one = loic.get(address)
    assert "QUERE" in one.text.upper()
    for key in ("pierre-alain-dartagnan",):
        other = house.dossier(key)
        for _ in range(3):
            bring(house, other)
    with django_assert_num_queries(10):
        several = loic.get(address)
    assert several.text.count("Compte rendu d’hospitalisation") == 4


def test_the_list_is_mine_or_of_the_establishment(house: House, client_for: ClientFor, loic: Client) -> None:
    bring(house, house.dossier())
    nadia = client_for(colleague(house.essms), house.essms)
    address = reverse("intake:list_to_validate")
    assert "rien à valider" in nadia.get(address).text
    assert "À valider par" in nadia.get(address, {"pour": "tous"}).text
    assert "Documents à valider" in loic.get("/").text


@pytest.fixture
def received(house: House) -> tuple[Dossier, ReceivedDocument]:
    dossier = house.dossier()
    data = store.get(house.filed(dossier).cda_sha256)
    row = file_received(
        dossier=dossier,
        received=Received(origin=ReceivedDocument.Origin.DMP, data=data, reference="2.25.1"),
        actor=house.actor,
    )
    return dossier, row


def test_a_received_document_is_read_page_by_page(
    received: tuple[Dossier, ReceivedDocument], loic: Client
) -> None:
    dossier, row = received
    one = {"received_id": row.pk}
    page = loic.get(at("show_received", dossier, **one))
    assert "concerne bien cette personne" in page.text
    assert "à lire seulement" in page.text
    assert row.pages > 0
    assert loic.get(at("received_page", dossier, number=1, **one)).content.startswith(b"\x89PNG")
    answer = loic.get(at("download_received", dossier, **one))
    assert answer.content == store.get(row.sha256)
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    with system_scope("test"):
        assert Trace.objects.filter(verb="received.consulted").count() == 2
    listed = loic.get(reverse("documents:list_documents", kwargs={"dossier_id": dossier.pk}))
    assert "Reçus d’ailleurs" in listed.text


def test_a_received_file_that_is_refused_is_kept_and_not_shown(house: House, loic: Client) -> None:
    dossier = house.dossier()
    row = file_received(
        dossier=dossier,
        received=Received(origin=ReceivedDocument.Origin.AUTRE, data=b"%PDF-1.4 abime", title="Courrier"),
        actor=house.actor,
        confirmed=True,
    )
    assert (row.refusal, row.pages, row.shown_sha256) == ("REC-014", 0, "")
    page = loic.get(at("show_received", dossier, received_id=row.pk))
    assert "n’est pas affiché" in page.text
    assert loic.get(at("received_page", dossier, received_id=row.pk, number=1)).status_code == 404


def test_a_received_document_has_no_way_out(received: tuple[Dossier, ReceivedDocument], loic: Client) -> None:
    dossier, row = received
    page = loic.get(at("show_received", dossier, received_id=row.pk))
    assert "Déposer au DMP" not in page.text
    assert "Envoyer par MSSanté" not in page.text


def test_the_reader_of_the_site_is_the_process() -> None:
    """What the fixtures of this file replace is what the site calls."""
    assert preparation.convert is not reader.convert
    assert paper().converted.pages == 2


def test_what_holds_the_validation_is_said_beside_the_button(house: House, loic: Client) -> None:
    dossier = house.dossier()
    imported = bring(house, dossier)
    house.profile.root_oid = ""
    house.profile.save()
    page = loic.get(at("review", dossier, imported_id=imported.pk))
    assert page.status_code == 200
    assert "Pas encore" in page.text
    assert "OID racine" in page.text
    answer = loic.post(at("validate", dossier, imported_id=imported.pk), {"vu": read_mark(imported)})
    assert answer.status_code >= 400


def test_a_picture_inside_a_received_document_is_shown_by_its_pixels(house: House, loic: Client) -> None:
    """By the real reader: what the picture says of the place it was taken at does not come out."""
    dossier = house.dossier()
    told = base64.b64encode(located()).decode()
    body = (
        "<component><structuredBody><component><section><title>Plaie</title><text>"
        '<renderMultiMedia referencedObject="IMG1"/></text><entry><observationMedia classCode="OBS" '
        f'moodCode="EVN" ID="IMG1"><value mediaType="image/jpeg" representation="B64">{told}</value>'
        "</observationMedia></entry></section></component></structuredBody></component>"
    )
    data = structured(store.get(house.filed(dossier).cda_sha256), body)
    row = file_received(
        dossier=dossier, received=Received(ReceivedDocument.Origin.DMP, data, "2.25.9"), actor=house.actor
    )
    address = at("received_picture", dossier, received_id=row.pk, identifier="IMG1")
    assert address in loic.get(at("show_received", dossier, received_id=row.pk)).text
    picture = loic.get(address).content
    assert picture.startswith(b"\x89PNG")
    assert SECRET not in picture
    absent = at("received_picture", dossier, received_id=row.pk, identifier="IMG2")
    assert loic.get(absent).status_code >= 400


def test_a_document_too_heavy_for_the_dmp_is_said_while_a_lighter_one_may_be_brought(
    house: House, loic: Client
) -> None:
    dossier = house.dossier()
    warning = "trop lourd pour le DMP"
    ordinary = bring(house, dossier)
    assert warning not in text_of(loic, at("review", dossier, imported_id=ordinary.pk))
    ordinary.body_sha256 = store.put(paper().converted.pdf + b"\n%" + b"x" * 4_000_000)
    with system_scope("test"):
        ordinary.save()
    assert warning in text_of(loic, at("review", dossier, imported_id=ordinary.pk))
    ordinary.body_sha256 = "0" * 64
    with system_scope("test"):
        ordinary.save()
    assert "introuvable" in text_of(loic, at("review", dossier, imported_id=ordinary.pk))
