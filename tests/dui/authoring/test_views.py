"""The screens: choose, write, look, validate; nothing typed is lost; who may, and in how many queries."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import page
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.authoring.catalogue import TEMPLATES, template_of
from amarre.dui.authoring.models import Ecrit, StandardText
from amarre.dui.authoring.services.start_ecrit import start_ecrit
from amarre.dui.authoring.services.write_standard_text import StandardTextDraft, write_standard_text
from amarre.dui.documents.models import Document
from amarre.dui.organisations.models import Essms
from amarre.dui.organisations.selectors import letterhead_of
from amarre.dui.usagers.models import Dossier
from tests.dui.authoring.people import ROLES_R85, actor_of, doctor, filed, member, written
from tests.dui.authoring.samples import contents_of
from tests.dui.connected import House
from tests.dui.documents.test_rendering import failures_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def loic(house: House, client_for: Callable[..., Client]) -> Client:
    return client_for(house.loic, house.essms)


@pytest.fixture
def bruno(house: House, client_for: Callable[..., Client]) -> Client:
    """The director, who sets the establishment."""
    return client_for(member(house, "Bruno", "ALLARD", "359", ROLES_R85, Role.DIRECTION), house.essms)


@pytest.fixture
def dossier(house: House) -> Dossier:
    return house.dossier()


def typed(key: str = "courrier", **changes: str) -> dict[str, str]:
    """What a person types: every block of a template."""
    fields = {
        f"{block}-{name}": str(value)
        for block, content in contents_of(template_of(key)).items()
        for name, value in content.items()
    }
    return fields | changes


def begun(loic: Client, dossier: Dossier, key: str = "courrier") -> tuple[str, dict[str, str]]:
    """Begin a draft through the screen; return its address and what its page hides."""
    answer = loic.post(f"/dossiers/{dossier.pk}/ecrits/nouveau/", {"modele": key})
    assert answer.status_code == 302
    shown = loic.get(answer["Location"])
    return answer["Location"].removesuffix("ecrire/"), {
        "vu": shown.context["seen"],
        "page": shown.context["page"],
    }


def only(dossier: Dossier) -> Ecrit:
    with system_scope("test"):
        return Ecrit.objects.get(dossier=dossier)


def test_the_whole_way(loic: Client, dossier: Dossier) -> None:
    listed = loic.get(f"/dossiers/{dossier.pk}/documents/").content.decode()
    assert "Écrire un document" in listed
    chosen = loic.get(f"/dossiers/{dossier.pk}/ecrits/").content.decode()
    assert "Courrier" in chosen
    one, hidden = begun(loic, dossier)
    saved = loic.post(f"{one}ecrire/", typed() | hidden | {"relire": "1"})
    assert saved["Location"] == f"{one}relire/"
    review = loic.get(saved["Location"])
    assert review.context["ready"]
    assert "Valider et classer" in review.content.decode()
    done = loic.post(f"{one}valider/", {"vu": review.context["seen"]})
    assert done.status_code == 302
    with system_scope("test"):
        document = Document.objects.get(dossier=dossier)
    assert done["Location"] == f"/dossiers/{dossier.pk}/documents/{document.pk}/"
    shown = loic.get(done["Location"]).content.decode()
    assert "Écrire une nouvelle version" in shown
    assert "validé et classé" in shown


def test_the_next_version_from_the_document(house: House, loic: Client, dossier: Dossier) -> None:
    version = filed(dossier, house.actor)
    shown = loic.get(f"/dossiers/{dossier.pk}/documents/{version.document_id}/").content.decode()
    (link,) = re.findall(r'href="(/dossiers/\d+/ecrits/\d+/)"', shown)
    assert "Elle reprend le texte de la version 1" in loic.get(link).content.decode()
    begun = loic.post(f"{link}nouvelle-version/")
    assert begun.status_code == 302
    assert "version 2" in loic.get(begun["Location"]).content.decode()
    assert "en cours d’écriture" in loic.get(link).content.decode()
    assert loic.post(f"{link}nouvelle-version/").status_code == 409


def test_what_was_typed_is_never_lost(loic: Client, dossier: Dossier) -> None:
    one, hidden = begun(loic, dossier, "synthese")
    wrong = loic.post(f"{one}ecrire/", typed("synthese") | hidden | {"date_reunion-date": "32/13/2026"})
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert "32/13/2026" in said
    assert "Situation : ce qui a été dit." in said
    assert 'href="#bloc-date_reunion"' in said
    assert only(dossier).content == {}


def test_a_hundred_thousand_signs_are_refused_and_shown_again(loic: Client, dossier: Dossier) -> None:
    one, hidden = begun(loic, dossier)
    answer = loic.post(f"{one}ecrire/", typed() | hidden | {"texte-text": "é" * 100_000})
    assert answer.status_code == 422
    assert "é" * 100_000 in answer.content.decode()


@pytest.mark.parametrize("text", ["Bravo \U0001f44f", "名前", "\x07cloche", "a\u200e\u202eb", "\ufffe"])
def test_an_unprintable_sign_is_named_before_validating(loic: Client, dossier: Dossier, text: str) -> None:
    one, hidden = begun(loic, dossier)
    assert loic.post(f"{one}ecrire/", typed() | hidden | {"texte-text": text}).status_code == 302
    review = loic.get(f"{one}relire/")
    assert review.status_code == 200
    if review.context["ready"]:
        # The font draws it after all: it is then printed.
        assert loic.get(f"{one}apercu.pdf").status_code == 200
        return
    assert "ne peut pas imprimer" in review.content.decode()
    assert loic.get(f"{one}apercu.pdf").status_code >= 400
    assert loic.post(f"{one}valider/", {"vu": review.context["seen"]}).status_code >= 400
    assert only(dossier).state == "brouillon"


def test_a_null_character_is_refused_in_words(loic: Client, dossier: Dossier) -> None:
    one, hidden = begun(loic, dossier)
    assert loic.post(f"{one}ecrire/", typed() | hidden | {"texte-text": "a\0b"}).status_code == 422


def test_two_tabs_on_one_draft(loic: Client, dossier: Dossier) -> None:
    one, first = begun(loic, dossier)
    second_page = loic.get(f"{one}ecrire/")
    second = {"vu": second_page.context["seen"], "page": second_page.context["page"]}
    assert loic.post(f"{one}ecrire/", typed() | first | {"texte-text": "du premier"}).status_code == 302
    late = loic.post(f"{one}ecrire/", typed() | second | {"texte-text": "du second"})
    assert late.status_code == 409
    assert "du second" in late.content.decode()
    assert "Lisez le brouillon enregistré" in late.content.decode()
    assert only(dossier).content["texte"]["text"] == "du premier"
    again = {"vu": late.context["seen"], "page": second["page"]}
    assert loic.post(f"{one}ecrire/", typed() | again | {"texte-text": "du second"}).status_code == 302
    assert only(dossier).content["texte"]["text"] == "du second"


def test_the_page_saves_by_itself(loic: Client, dossier: Dossier) -> None:
    one, hidden = begun(loic, dossier)
    for number in range(3):
        kept = loic.post(f"{one}garder/", typed() | hidden | {"texte-text": f"mot {number}"})
        assert kept.status_code == 200
        assert "Enregistré à" in kept.content.decode()
    assert only(dossier).content["texte"]["text"] == "mot 2"
    # Then the button of the same page: nobody else wrote.
    assert loic.post(f"{one}ecrire/", typed() | hidden | {"texte-text": "fin"}).status_code == 302
    refused = loic.post(f"{one}garder/", typed() | hidden | {"page": "autre", "texte-text": "volé"})
    assert "Pas enregistré" in refused.content.decode()
    assert only(dossier).content["texte"]["text"] == "fin"


def test_a_standard_text_is_inserted_with_its_names(house: House, loic: Client, dossier: Dossier) -> None:
    head = actor_of(house, member(house, "Bruno", "ALLARD", "359", ROLES_R85, Role.DIRECTION))
    draft = StandardTextDraft("Politesse", "Recevez, chère {nom}, mes salutations.")
    text = write_standard_text(essms=house.essms, draft=draft, actor=head)
    one, hidden = begun(loic, dossier)
    page_shown = loic.get(f"{one}ecrire/").content.decode()
    assert "Politesse" in page_shown
    answer = loic.post(
        f"{one}ecrire/",
        typed() | hidden | {"inserer": "texte", "type-texte": str(text.pk), "texte-text": "Début"},
    )
    assert answer["Location"].endswith("#bloc-texte")
    kept = only(dossier).content["texte"]["text"]
    assert kept.startswith("Début\nRecevez, chère ")
    assert "{" not in kept
    # A text of nowhere, or of another establishment, inserts nothing.
    for stranger in ("0", "999999", "x", "9" * 40, ""):
        fresh = loic.get(f"{one}ecrire/")
        loic.post(
            f"{one}ecrire/",
            typed()
            | {
                "vu": fresh.context["seen"],
                "page": "p",
                "inserer": "texte",
                "type-texte": stranger,
                "texte-text": "Seul",
            },
        )
        assert only(dossier).content["texte"]["text"] == "Seul"


def test_the_preview_is_marked_never_filed_and_carries_no_ins(loic: Client, dossier: Dossier) -> None:
    one, hidden = begun(loic, dossier)
    loic.post(f"{one}ecrire/", typed() | hidden)
    pdf = loic.get(f"{one}apercu.pdf")
    assert failures_of(pdf.content, page.ValidationProfile.PDF_A_1A) == []
    assert pdf["Cache-Control"] == "private, no-store"
    picture = loic.get(f"{one}apercu/1.png")
    with Image.open(io.BytesIO(picture.content)) as drawn:
        assert drawn.size[0] == 910
    assert loic.get(f"{one}apercu/9.png").status_code == 404
    with system_scope("test"):
        assert not Document.objects.filter(dossier=dossier).exists()


def test_the_chain_of_the_dossier_still_follows_the_projet(
    house: House, loic: Client, dossier: Dossier
) -> None:
    house.filed(dossier)

    def chain() -> list[str]:
        shown = loic.get(f"/dossiers/{dossier.pk}/").content.decode()
        return re.findall(r"(Projet d[^<]*, version 1, du|Version 1 pas encore déposée|Courrier)", shown)

    before = chain()
    assert len(before) == 2
    filed(dossier, house.actor)
    assert chain() == before


def test_what_a_changed_template_has_no_place_for_is_kept_and_shown(loic: Client, dossier: Dossier) -> None:
    one, hidden = begun(loic, dossier)
    with system_scope("test"):
        Ecrit.objects.filter(dossier=dossier).update(content={"ancien": {"text": "Un passage d’avant."}})
    assert "Un passage d’avant." in loic.get(f"{one}ecrire/").content.decode()
    loic.post(f"{one}garder/", typed() | hidden)
    assert loic.post(f"{one}ecrire/", typed() | hidden | {"texte-text": "Fin"}).status_code == 302
    kept = only(dossier).content
    assert (kept["ancien"]["text"], kept["texte"]["text"]) == ("Un passage d’avant.", "Fin")


def test_a_draft_of_a_template_that_is_no_more(house: House, loic: Client, dossier: Dossier) -> None:
    ecrit = written(dossier, house.actor)
    with system_scope("test"):
        Ecrit.objects.filter(pk=ecrit.pk).update(template_key="retire")
    for page_url in (f"/dossiers/{dossier.pk}/ecrits/", "/ecrits/mes-brouillons/"):
        assert "modèle retiré" in loic.get(page_url).content.decode()
    assert loic.get(f"/dossiers/{dossier.pk}/ecrits/{ecrit.pk}/ecrire/").status_code == 404


def test_what_is_typed_is_never_markup(house: House, loic: Client, dossier: Dossier) -> None:
    head = actor_of(house, member(house, "Bruno", "ALLARD", "359", ROLES_R85, Role.DIRECTION))
    evil = "</textarea></option><script>alert(1)</script>"
    write_standard_text(essms=house.essms, draft=StandardTextDraft(evil, evil), actor=head)
    one, hidden = begun(loic, dossier)
    loic.post(f"{one}ecrire/", typed() | hidden | {"texte-text": evil, "objet-text": evil})
    for path in ("ecrire/", "relire/"):
        shown = loic.get(one + path).content.decode()
        assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in loic.get(f"{one}ecrire/").content.decode()


def test_discarding_asks_first(loic: Client, dossier: Dossier) -> None:
    one, _ = begun(loic, dossier)
    assert "sera perdu" in loic.get(f"{one}jeter/").content.decode()
    assert only(dossier).state == "brouillon"
    assert loic.post(f"{one}jeter/").status_code == 302
    with system_scope("test"):
        assert not Ecrit.objects.exists()


def test_reserved_templates_are_not_offered(
    house: House, loic: Client, dossier: Dossier, client_for: Callable[..., Client]
) -> None:
    chosen = loic.get(f"/dossiers/{dossier.pk}/ecrits/").content.decode()
    assert 'value="prescription_soins"' not in chosen
    assert "Réservés à d’autres professions" in chosen
    assert (
        loic.post(f"/dossiers/{dossier.pk}/ecrits/nouveau/", {"modele": "prescription_soins"}).status_code
        == 403
    )
    anne = client_for(doctor(house), house.essms).get(f"/dossiers/{dossier.pk}/ecrits/").content.decode()
    assert all(
        f'value="{template.key}"' in anne for template in TEMPLATES if template.family == "prescriptions"
    )


@pytest.mark.parametrize("key", ["", "inconnu", "../courrier", "courrier' OR 1=1", "\u0000"])
def test_an_unknown_template_is_explained(loic: Client, dossier: Dossier, key: str) -> None:
    answer = loic.post(f"/dossiers/{dossier.pk}/ecrits/nouveau/", {"modele": key})
    assert answer.status_code == 404
    assert "n’existe pas" in answer.content.decode()


def test_my_drafts_wait_on_the_home_page(house: House, loic: Client, dossier: Dossier) -> None:
    assert "aucun brouillon" in loic.get("/ecrits/mes-brouillons/").content.decode()
    written(dossier, house.actor)
    assert "Mes brouillons de documents" in loic.get("/").content.decode()
    assert "Courrier" in loic.get("/ecrits/mes-brouillons/").content.decode()


def test_strangers_see_nothing(
    house: House, dossier: Dossier, client_for: Callable[..., Client], charlie: User, other_essms: Essms
) -> None:
    ecrit = written(dossier, house.actor)
    stranger = client_for(charlie, other_essms)
    one = f"/dossiers/{dossier.pk}/ecrits/{ecrit.pk}/"
    for path in ("", "ecrire/", "relire/", "apercu.pdf", "apercu/1.png", "jeter/"):
        assert stranger.get(one + path).status_code in (403, 404), path
    for path in ("ecrire/", "garder/", "valider/", "jeter/", "nouvelle-version/"):
        assert stranger.post(one + path).status_code in (403, 404), path
    # The draft of another dossier is not reached through this one.
    other = house.dossier("pierre-abgrall")
    me = client_for(house.loic, house.essms)
    assert me.get(f"/dossiers/{other.pk}/ecrits/{ecrit.pk}/ecrire/").status_code in (403, 404)


def test_a_reader_reads_the_document_not_the_drafts(house: House, dossier: Dossier, bruno: Client) -> None:
    ecrit = written(dossier, house.actor)
    assert bruno.get(f"/dossiers/{dossier.pk}/ecrits/").status_code == 403
    assert bruno.get(f"/dossiers/{dossier.pk}/ecrits/{ecrit.pk}/ecrire/").status_code == 403
    assert "Écrire un document" not in bruno.get(f"/dossiers/{dossier.pk}/documents/").content.decode()


def test_readings_are_traced(house: House, loic: Client, dossier: Dossier) -> None:
    ecrit = written(dossier, house.actor)
    one = f"/dossiers/{dossier.pk}/ecrits/{ecrit.pk}/"
    before = Trace.objects.filter(verb="ecrit.consulted").count()
    for path in ("ecrire/", "relire/", "apercu.pdf"):
        loic.get(one + path)
    assert Trace.objects.filter(verb="ecrit.consulted").count() == before + 3


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_lists_cost_the_same_however_long(
    house: House, loic: Client, bruno: Client, dossier: Dossier
) -> None:
    head = actor_of(house, member(house, "Julie", "PRAT", "359", ROLES_R85, Role.DIRECTION))

    def fill(first: int) -> None:
        for number in range(first, first + 4):
            start_ecrit(dossier=dossier, template=template_of("courrier"), actor=house.actor)
            draft = StandardTextDraft(f"Texte {number}", "Bonjour {nom}")
            write_standard_text(essms=house.essms, draft=draft, actor=head)

    fill(0)
    with system_scope("test"):
        one = f"/dossiers/{dossier.pk}/ecrits/{Ecrit.objects.first().pk}/"  # type: ignore[union-attr]
    pages = {
        "drafts": (loic, "/ecrits/mes-brouillons/"),
        "choose": (loic, f"/dossiers/{dossier.pk}/ecrits/"),
        "write": (loic, f"{one}ecrire/"),
        "review": (loic, f"{one}relire/"),
        "texts": (bruno, "/etablissement/textes-types/"),
    }
    few = {name: queries(client, url) for name, (client, url) in pages.items()}
    fill(4)
    assert {name: queries(client, url) for name, (client, url) in pages.items()} == few
    assert few == COUNTED


COUNTED = {"drafts": 8, "choose": 11, "write": 10, "review": 15, "texts": 8}


class TestSettings:
    """Letterhead and standard texts, for those who set the establishment."""

    def picture(self) -> io.BytesIO:
        kept = io.BytesIO()
        Image.new("RGB", (300, 100), "teal").save(kept, "PNG")
        kept.seek(0)
        kept.name = "logo.png"
        return kept

    def test_the_settings_lead_there(self, bruno: Client) -> None:
        shown = bruno.get("/etablissement/reglages/").content.decode()
        assert "/etablissement/papier-a-en-tete/" in shown
        assert "/etablissement/textes-types/" in shown

    def test_letterhead_kept_and_shown(self, house: House, bruno: Client) -> None:
        page_url = "/etablissement/papier-a-en-tete/"
        assert bruno.get(page_url).status_code == 200
        done = bruno.post(page_url, {"logo": self.picture(), "address_lines": "BP 12", "footer": "Loi 1901"})
        assert done.status_code == 302
        kept = letterhead_of(house.essms)
        assert (kept.lines, kept.footer, kept.logo_format) == (("BP 12",), "Loi 1901", "png")
        drawn = bruno.get(f"{page_url}apercu.png")
        assert drawn["Content-Type"] == "image/png"
        assert "Retirer le logo" in bruno.get(page_url).content.decode()
        bruno.post(page_url, {"address_lines": "BP 12", "footer": "", "remove_logo": "on"})
        assert letterhead_of(house.essms).logo_format == ""

    def test_svg_is_refused_with_its_reason(self, house: House, bruno: Client) -> None:
        drawing = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        drawing.name = "logo.png"
        answer = bruno.post("/etablissement/papier-a-en-tete/", {"logo": drawing, "footer": "gardé"})
        assert answer.status_code == 422
        assert "SVG peut contenir un programme" in answer.content.decode()
        assert "gardé" in answer.content.decode()
        assert letterhead_of(house.essms).pk is None

    def test_words_no_document_can_print_are_refused(self, house: House, bruno: Client) -> None:
        answer = bruno.post("/etablissement/papier-a-en-tete/", {"footer": "Bravo \U0001f44f"})
        assert answer.status_code == 422
        assert "ne peut pas imprimer" in answer.content.decode()
        assert letterhead_of(house.essms).pk is None

    def test_texts_written_changed_retired(self, house: House, bruno: Client) -> None:
        assert "Aucun texte type" in bruno.get("/etablissement/textes-types/").content.decode()
        new = "/etablissement/textes-types/nouveau/"
        assert "{date de naissance}" in bruno.get(new).content.decode()
        typed_text = {"title": "Politesse", "body": "Bien à vous, {auteur}", "place": "courrier/texte"}
        assert bruno.post(new, typed_text).status_code == 302
        assert (
            "Un autre texte type remplit déjà"
            in bruno.post(new, typed_text | {"title": "Autre"}).content.decode()
        )
        with system_scope("test"):
            text = StandardText.objects.get()
        listed = bruno.get("/etablissement/textes-types/").content.decode()
        assert "Courrier, d’office dans «" in listed
        one = f"/etablissement/textes-types/{text.pk}/"
        assert bruno.post(one, typed_text | {"body": "{inconnu}"}).status_code == 422
        assert (
            bruno.post(one, typed_text | {"body": "Au revoir, {nom}", "place": "partout"}).status_code == 302
        )
        assert "ne sera plus proposé" in bruno.get(f"{one}retirer/").content.decode()
        assert bruno.post(f"{one}retirer/").status_code == 302
        assert bruno.get(one).status_code in (403, 404)

    def test_who_may_not(self, loic: Client) -> None:
        for path in (
            "papier-a-en-tete/",
            "papier-a-en-tete/apercu.png",
            "textes-types/",
            "textes-types/nouveau/",
        ):
            assert loic.get(f"/etablissement/{path}").status_code == 403, path
