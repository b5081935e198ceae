"""The tab « DMP »: the list, one document, the copy kept here, what happens when the DMP does not answer."""

from __future__ import annotations

import base64
import datetime
import html
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amarre.cast import usager
from amarre.cast.dmp_history import HISTORY, PastDocument
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import now
from amarre.dui.dmp.reading import kept
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.models import Document
from amarre.dui.exchanges.worker import drain
from amarre.dui.intake.models import ReceivedDocument
from amarre.dui.usagers.models import Discrepancy, Dossier
from amarre.sandbox.services.dmp import history
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.connected import House
from tests.dui.dmp.reading import agree, fill_dmp, readable, registry, strong_client
from tests.dui.dmp.test_reading_control import calls
from tests.dui.web.page_equality import assert_page_equals_fragment

pytestmark = pytest.mark.django_db

LETTER, FILE = f"{history.ROOT}.2.1", f"{history.ROOT}.2.4"
ASK = "?periode=2&chercher=1"


def text(response: Any) -> str:
    """Return the words of the main part of a page, or of a fragment."""
    page = response.content.decode()
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[-1])))


@pytest.fixture
def dossier(house: House) -> Dossier:
    fill_dmp(house)
    return readable(house)


@pytest.fixture
def client(house: House, client_for: ClientFor) -> Client:
    return strong_client(house, client_for)


def tab(dossier: Dossier, end: str = "") -> str:
    return f"/dossiers/{dossier.pk}/dmp/{end}"


def titles(response: Any) -> list[str]:
    return re.findall(r'class="am-lien"[^>]*>([^<]+)</a>', html.unescape(response.content.decode()))


def put(house: House, data: bytes, past: PastDocument = HISTORY[0], number: int = 90) -> str:
    """Put a document in the DMP of the person of `past` with these bytes; return its number."""
    return history.put(registry(house), past, number, now(), data)


def cda(past: PastDocument = HISTORY[0]) -> str:
    return history.clinical_document(past, usager(past.usager), 90, now()).decode()


def test_opening_the_tab_asks_nothing_of_the_dmp(house: House, dossier: Dossier, client: Client) -> None:
    before = calls(house)
    shown = text(client.get(tab(dossier)))
    assert "Rien n’est encore demandé au DMP" in shown
    assert calls(house) == before


def test_a_search_lists_what_the_dmp_shows(house: House, dossier: Dossier, client: Client) -> None:
    before = len(calls(house))
    response = client.get(tab(dossier, ASK))
    shown = text(response)
    assert titles(response) == [
        "Lettre de liaison, service de gériatrie",
        "Bilan sanguin",
        "Bilan partagé de médication",
        "Soins infirmiers à domicile",
        "Mes volontés",
    ]
    for words in ("DMP ouvert", "rattaché à Mon espace santé", "Écrit par la personne", "Yann ABIVEN"):
        assert words in shown
    assert "Synthèse du suivi" not in shown, "masked to professionals"
    assert calls(house)[before:] == ["TD0.2", "TD3.1"]


def test_pages_and_order_read_the_list_kept_only_the_button_asks_again(
    house: House, dossier: Dossier, client: Client
) -> None:
    for number in range(20):
        past = replace(HISTORY[1], days_ago=40 + number, title=f"Bilan {number:02}")
        history.put(registry(house), past, 200 + number, now())
    before = len(calls(house))
    first = client.get(tab(dossier, ASK))
    assert "25 documents au DMP" in text(first)
    assert "1 à 20 sur 25" in text(first)
    second = client.get(tab(dossier, "?periode=2&page=2"))
    assert len(titles(second)) == 5
    assert len(titles(client.get(tab(dossier, "?periode=2&page=99")))) == 5
    oldest = client.get(tab(dossier, "?periode=2&tri=ancien"))
    assert titles(oldest)[0] == "Mes volontés"
    chosen = client.get(tab(dossier, "?periode=2&lieu=Pharmacie+des+Halles"))
    assert titles(chosen) == ["Bilan partagé de médication"]
    nothing = client.get(tab(dossier, "?periode=2&profession=Sage-femme"))
    assert "Aucun document ne correspond à ces filtres" in text(nothing)
    grouped = text(client.get(tab(dossier, "?periode=2&tri=groupe")))
    assert "Autres documents déposés par le patient" in grouped
    assert calls(house)[before:] == ["TD0.2", "TD3.1"]
    client.get(tab(dossier, ASK))
    assert calls(house)[before:] == ["TD0.2", "TD3.1", "TD3.1"], "an authorised state is kept"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?periode=2&type=11502-2&chercher=1", ["Bilan sanguin"]),
        ("?periode=2&auteur=nguyen&chercher=1", ["Bilan partagé de médication"]),
        ("?periode=2&auteur=%25&chercher=1", 5),
        ("?periode=2&etat=archives&chercher=1", 6),
        ("?periode=tout&etat=tous&chercher=1", 6),
    ],
)
def test_the_registry_narrows_the_search(
    dossier: Dossier, client: Client, query: str, expected: list[str] | int
) -> None:
    found = titles(client.get(tab(dossier, query)))
    assert (found if isinstance(expected, list) else len(found)) == expected


def test_a_search_that_is_no_choice_is_refused_here(house: House, dossier: Dossier, client: Client) -> None:
    before = calls(house)
    shown = text(client.get(tab(dossier, "?periode=7&type=x&chercher=1")))
    assert "points sont à corriger" in shown
    assert calls(house) == before


def test_the_fragment_is_the_page(dossier: Dossier, client: Client) -> None:
    client.get(tab(dossier, ASK))
    assert_page_equals_fragment(client, tab(dossier, "?periode=2"))


@pytest.mark.parametrize(
    ("situation", "words"),
    [
        ("dmp-absent", "n’a pas de DMP"),
        ("dmp-ferme", "fermé à la demande de la personne"),
        ("autorisation-interdite", "vous a bloqué"),
        ("autorisation-expiree", "Votre accès à ce DMP a expiré"),
        ("indisponible", "momentanément indisponible"),
        ("coupure-avant", "a coupé la liaison avant la fin"),
        ("reponse-lente", "n’a pas répondu en"),
        ("page-html", "une page web à la place du service"),
        ("reponse-geante", "a coupé la liaison avant la fin"),
        ("reponse-illisible", "n’est pas lisible"),
    ],
)
def test_what_the_dmp_answers_has_its_sentence(
    house: House,
    dossier: Dossier,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    situation: str,
    words: str,
) -> None:
    from amarre.interop.clients import dmp_channel

    monkeypatch.setattr(dmp_channel.Call, "__init__", _shorter(dmp_channel.Call.__init__))
    assert house.sandbox is not None
    house.sandbox.choose("dmp", situation)
    response = client.get(tab(dossier, ASK))
    house.sandbox.choose("dmp", "")
    shown = text(response)
    assert response.status_code == 200
    assert words in shown, shown
    assert titles(response) == []
    assert "réessaiera" not in shown, "nobody asks again in the place of who reads"
    assert "Ouvrir le DMP en ligne" in shown


def _shorter(original: Callable[..., None]) -> Callable[..., None]:
    """Give every call the patience of a test."""
    from amarre.interop.transport.http import Deadlines

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        object.__setattr__(self, "deadlines", Deadlines(3.0, 0.5, 1.0))

    return init


def test_the_national_matrix_refuses_a_reading(house: House, dossier: Dossier, client: Client) -> None:
    assert house.sandbox is not None
    client.get(tab(dossier, ASK))
    house.sandbox.choose("dmp", "matrice-habilitation", 1)
    response = client.get(tab(dossier, f"documents/{LETTER}/"))
    assert response.status_code == 500
    assert "n’a pas le droit" in text(response)


def test_a_structured_document_is_shown_with_its_person(dossier: Dossier, client: Client) -> None:
    response = client.get(tab(dossier, f"documents/{LETTER}/"))
    shown = text(response)
    for words in ("Traitement à la sortie", "Ramipril", "Ce document concerne bien cette personne"):
        assert words in shown
    assert "Classer une copie" in shown
    assert "<iframe" not in response.content.decode()
    with system_scope("test"):
        trace = Trace.objects.get(verb="dmp.document_consulted")
    assert trace.details["document"] == LETTER


def test_a_file_is_in_a_cage(house: House, dossier: Dossier, client: Client) -> None:
    page = client.get(tab(dossier, f"documents/{FILE}/")).content.decode()
    (frame,) = re.findall(r'<iframe[^>]* src="([^"#]+)', page)
    before = calls(house)
    response = client.get(frame)
    assert response.content.startswith(b"%PDF-")
    assert (response["Content-Type"], response["X-Frame-Options"]) == ("application/pdf", "SAMEORIGIN")
    policy = response["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert response["Cache-Control"] == "private, no-store"
    assert calls(house) == before, "the file is the one that was read"


def test_a_document_read_in_another_session_is_gone(
    house: House, dossier: Dossier, client: Client, client_for: ClientFor
) -> None:
    client.get(tab(dossier, f"documents/{FILE}/"))
    response = strong_client(house, client_for).get(tab(dossier, f"documents/{FILE}/fichier/"))
    assert response.status_code == 410
    assert "Rouvrez-le depuis la liste" in text(response)


def test_what_was_read_is_sealed_and_few_are_kept(
    house: House, dossier: Dossier, client: Client, settings: Any
) -> None:
    from django.core.files.storage import default_storage

    for number in range(1, 6):
        client.get(tab(dossier, f"documents/{history.ROOT}.2.{number}/"))
    client.get(tab(dossier, f"documents/{LETTER}/"))
    _, names = default_storage.listdir("dmp-lus")
    assert len(names) == kept.MOST
    for name in names:
        with default_storage.open(f"dmp-lus/{name}") as file:
            assert b"Ramipril" not in file.read()


def test_a_number_that_is_not_there_is_said(house: House, dossier: Dossier, client: Client) -> None:
    for number in ("1.2.3", f"{history.ROOT}.2.7", "..%2F..%2Fx", "<script>"):
        response = client.get(tab(dossier, f"documents/{number}/"))
        assert response.status_code == 404, number
        assert "<script>" not in response.content.decode()


def test_the_document_of_somebody_else_is_not_opened(house: House, dossier: Dossier, client: Client) -> None:
    other = put(house, b"", HISTORY[7], 91)
    assert client.get(tab(dossier, f"documents/{other}/")).status_code == 404
    mixed = put(house, cda(HISTORY[7]).encode(), HISTORY[0], 92)
    response = client.get(tab(dossier, f"documents/{mixed}/"))
    assert "concerne une autre personne. Il n’a pas été ouvert" in text(response)
    assert "Maud Keravel" in text(response), "the referent, by name"
    assert client.get(tab(dossier, f"documents/{mixed}/fichier/")).status_code == 410
    with system_scope("test"):
        failures = [one.details["failure"] for one in Trace.objects.filter(verb="dmp.document_consulted")]
    assert failures == ["DMP-187", "DMP-161"]


HOSTILE: dict[str, tuple[Callable[[str], str], str]] = {
    "script": (
        lambda text: text.replace("Chute à domicile", "<![CDATA[<script>alert(1)</script>]]>Chute"),
        "<script>alert(1)</script>Chute",
    ),
    "tag script": (
        lambda text: text.replace("<paragraph>Chute", "<script>alert(1)</script><paragraph>Chute"),
        "Du code se trouvait",
    ),
    "lien": (
        lambda text: text.replace(
            "<paragraph>Chute", '<paragraph><linkHtml href="javascript:alert(1)">voir</linkHtml>Chute'
        ),
        "lien anormal",
    ),
    "style": (
        lambda text: text.replace(
            "<ClinicalDocument", '<?xml-stylesheet href="http://x/a.xsl"?><ClinicalDocument'
        ),
        "",
    ),
    "image": (
        lambda text: text.replace(
            "<paragraph>Chute", '<renderMultiMedia referencedObject="x"/><paragraph>Chute'
        ),
        "Une image ou un fichier annoncé",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_shown_without_harm(
    house: House, dossier: Dossier, client: Client, name: str
) -> None:
    spoil, words = HOSTILE[name]
    number = put(house, spoil(cda()).encode())
    response = client.get(tab(dossier, f"documents/{number}/"))
    page = response.content.decode()
    assert response.status_code == 200
    assert words in text(response)
    main = page.split("<main")[1]
    for harm in ("<script>alert", 'href="javascript', "<object", "http://x/a.xsl"):
        assert harm not in main


def _entities(text: str) -> str:
    return text.replace(
        "<?xml version='1.0' encoding='UTF-8'?>",
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ).replace("Chute", "&a;Chute")


def _bomb(text: str) -> str:
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};">' for n in range(1, 20)
    )
    return text.replace(
        "<?xml version='1.0' encoding='UTF-8'?>", f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>'
    ).replace("Chute", "&a19;")


@pytest.mark.parametrize("spoil", [_entities, _bomb])
def test_a_document_that_is_no_acceptable_xml_is_refused(
    house: House, dossier: Dossier, client: Client, spoil: Callable[[str], str]
) -> None:
    number = put(house, spoil(cda()).encode())
    response = client.get(tab(dossier, f"documents/{number}/"))
    assert response.status_code in (422, 500, 502)
    assert "root:" not in response.content.decode()
    assert client.get(tab(dossier, f"documents/{number}/fichier/")).status_code == 410


def test_a_body_outside_the_document_is_not_fetched(house: House, dossier: Dossier, client: Client) -> None:
    outside = re.sub(
        r"<text mediaType.*?</text>",
        '<text mediaType="application/pdf"><reference value="http://127.0.0.1:9/x.pdf"/></text>',
        cda(HISTORY[3]),
        flags=re.DOTALL,
    )
    number = put(house, outside.encode(), HISTORY[3])
    response = client.get(tab(dossier, f"documents/{number}/"))
    assert "n’a rien à montrer" in text(response)
    assert "127.0.0.1:9" not in response.content.decode()


@pytest.mark.parametrize(
    ("media", "content", "shown"),
    [
        ("text/html", b"<script>alert(1)</script>", "Télécharger le fichier"),
        ("application/pdf", b"MZ\x90\x00 not a pdf", "Télécharger le fichier"),
        ("image/png", b"\x89PNG\r\n\x1a\nxxxx", "<img"),
        ("text/plain", "Bonjour à tous".encode(), "Bonjour à tous"),
    ],
)
def test_the_type_announced_is_not_believed(
    house: House, dossier: Dossier, client: Client, media: str, content: bytes, shown: str
) -> None:
    body = base64.b64encode(content).decode()
    spoiled = re.sub(
        r"<text mediaType.*?</text>",
        f'<text mediaType="{media}" representation="B64">{body}</text>',
        cda(HISTORY[3]),
        flags=re.DOTALL,
    )
    number = put(house, spoiled.encode(), HISTORY[3])
    page = client.get(tab(dossier, f"documents/{number}/"))
    assert shown in html.unescape(page.content.decode())
    file = client.get(tab(dossier, f"documents/{number}/fichier/"))
    harmless = {"image/png": "image/png"}.get(media, "application/octet-stream")
    assert file["Content-Type"] == harmless
    assert "sandbox" in file["Content-Security-Policy"]
    if harmless == "application/octet-stream":
        assert file["Content-Disposition"].startswith("attachment")


def test_a_bare_pdf_names_nobody_and_a_bare_executable_is_refused(
    house: House, dossier: Dossier, client: Client
) -> None:
    number = put(house, b"%PDF-1.4\n%%EOF", number=95)
    page = text(client.get(tab(dossier, f"documents/{number}/")))
    assert "ne dit pas de qui il parle" in page
    refused = client.post(tab(dossier, f"documents/{number}/copie/"))
    assert "ne prouve pas à lui seul" in text(refused)
    assert client.post(tab(dossier, f"documents/{number}/copie/"), {"confirme": "oui"}).status_code == 302
    strange = put(house, b"\x7fELF....", number=96)
    assert "format qu’Amarre n’affiche pas" in text(client.get(tab(dossier, f"documents/{strange}/")))


def _heavy(body_bytes: int) -> bytes:
    body = base64.b64encode(b"%PDF-1.4\n" + b"0" * body_bytes).decode()
    heavy = re.sub(
        r'(representation="B64">).*?(</text>)', rf"\g<1>{body}\2", cda(HISTORY[3]), flags=re.DOTALL
    )
    return heavy.encode()


@pytest.mark.req("issue 4, bad input: 20 MB")
def test_a_heavy_document_is_read_a_heavier_one_is_refused(
    house: House, dossier: Dossier, client: Client
) -> None:
    number = put(house, _heavy(14 * 1024 * 1024), HISTORY[3])
    page = client.get(tab(dossier, f"documents/{number}/"))
    assert page.status_code == 200
    assert len(page.content) < 60_000, "the page is light, its frame is not"
    assert len(client.get(tab(dossier, f"documents/{number}/fichier/")).content) > 14 * 1024 * 1024
    number = put(house, _heavy(15 * 1024 * 1024), HISTORY[3], 91)
    refused = client.get(tab(dossier, f"documents/{number}/"))
    assert "trop volumineux" in text(refused)
    assert "Rien n’a été lu" in text(refused)


def test_other_traits_under_the_same_number_are_a_loud_warning_and_are_not_filed(
    house: House, dossier: Dossier, client: Client
) -> None:
    other = cda().replace("QUERE", "KERLEO").replace("19351224", "19350101")
    other = other.replace("MARIE-THERESE LOUISE", "ODETTE").replace("MARIE-THERESE", "ODETTE")
    number = put(house, other.encode())
    response = client.get(tab(dossier, f"documents/{number}/"))
    shown = text(response)
    assert "semble concerner une autre personne" in shown
    assert 'role="alert"' in response.content.decode()
    assert "Classement refusé" in shown
    forced = client.post(tab(dossier, f"documents/{number}/copie/"), {"confirme": "oui"})
    assert "concerne une autre personne" in text(forced)
    with system_scope("test"):
        assert not ReceivedDocument.objects.exists()


@pytest.mark.req("issue 4, item 3: file a copy, never sent back")
def test_a_copy_is_kept_once_with_its_origin_and_is_no_document_of_ours(
    house: House, dossier: Dossier, client: Client
) -> None:
    client.get(tab(dossier, f"documents/{LETTER}/"))
    before = calls(house)
    for _ in range(2):
        assert client.post(tab(dossier, f"documents/{LETTER}/copie/")).status_code == 302
    assert calls(house) == before
    with system_scope("test"):
        (copy,) = ReceivedDocument.objects.all()
        assert not Document.objects.exists()
    assert (copy.origin, copy.reference, copy.author) == ("dmp", LETTER, "Yann ABIVEN")
    assert copy.organisation == "Centre hospitalier de Port-Amarre"
    assert "Copie dans le dossier" in text(client.get(tab(dossier, ASK)))


def test_documents_of_the_house_are_marked(house: House, dossier: Dossier, client: Client) -> None:
    version = house.filed(dossier)
    deposit_in_dmp(version=version, actor=house.actor)
    drain()
    response = client.get(tab(dossier, ASK))
    assert "De votre établissement" in text(response)
    assert f"/dossiers/{dossier.pk}/documents/{version.document_id}/" in response.content.decode()
    opened = text(client.get(tab(dossier, f"documents/{version.unique_id}/")))
    assert "Ce document a été fait ici" in opened


def test_the_list_asks_the_database_the_same_number_of_questions(
    house: House, dossier: Dossier, client: Client
) -> None:
    client.get(tab(dossier, ASK))

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(tab(dossier, "?periode=2"))
        return len(found)

    few = count()
    for number in range(15):
        history.put(registry(house), replace(HISTORY[1], title=f"Bilan {number}"), 300 + number, now())
    client.get(tab(dossier, ASK))
    assert count() == few


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.DIRECTION, Role.ACCOMPAGNEMENT])
def test_who_may_not_read_sees_why_and_asks_nothing(
    house: House, dossier: Dossier, client_for: ClientFor, role: Role
) -> None:
    user = factories.make_user("Camille", "Riou")
    factories.give_role(user, house.essms, role)
    client, before = client_for(user), calls(house)
    shown = text(client.get(tab(dossier, ASK)))
    assert "Vous ne consultez pas les documents du DMP" in shown
    for end in (
        f"documents/{LETTER}/",
        f"documents/{LETTER}/fichier/",
        "en-ligne/",
        "donnees-administratives/",
    ):
        assert client.get(tab(dossier, end)).status_code == 403, end
    for end in ("acces/", f"documents/{LETTER}/copie/", "donnees-administratives/signaler/"):
        assert client.post(tab(dossier, end)).status_code == 403, end
    assert calls(house) == before


def test_another_establishment_sees_no_dossier(house: House, dossier: Dossier, client_for: ClientFor) -> None:
    stranger = factories.make_user("Camille", "Riou")
    far = factories.make_essms(factories.make_organisme("Fondation du Large"))
    factories.give_role(stranger, far, Role.SOINS)
    client = client_for(stranger, far)
    for end in ("", ASK, "reponse/", f"documents/{LETTER}/", "en-ligne/", "donnees-administratives/"):
        assert client.get(tab(dossier, end)).status_code == 404, end


def test_the_way_online_is_a_redirection_without_referrer(dossier: Dossier, client: Client) -> None:
    page = client.get(tab(dossier)).content.decode()
    matricule = dossier.identity.matricule
    assert matricule not in page
    link = re.search(r'<a [^>]*href="[^"]*/dmp/en-ligne/"[^>]*>', page)
    assert link is not None
    for words in ('target="_blank"', 'rel="noopener noreferrer"', 'referrerpolicy="no-referrer"'):
        assert words in link[0]
    response = client.get(tab(dossier, "en-ligne/"))
    assert response.status_code == 302
    assert response["Location"].startswith("https://web.dmp.example/AccesDirect/TableauDeBord/")
    assert response["Referrer-Policy"] == "no-referrer"
    assert response.content == b""


def test_administrative_data_are_shown_and_a_difference_becomes_an_ecart(
    house: House, dossier: Dossier, client: Client
) -> None:
    assert "disent" in text(client.get(tab(dossier, "donnees-administratives/")))
    assert client.post(tab(dossier, "donnees-administratives/signaler/")).status_code == 410
    identity = dossier.identity
    identity.nom_naissance = "QUERRE"
    identity.save()
    before = identity.nom_naissance
    shown = client.get(tab(dossier, "donnees-administratives/"))
    assert "ne disent pas la même chose" in text(shown)
    assert client.post(tab(dossier, "donnees-administratives/signaler/")).status_code == 302
    with system_scope("test"):
        (held,) = Discrepancy.objects.filter(identity=identity)
    assert (held.kind, held.origin) == ("dmp_differs", "dmp")
    assert [one["trait"] for one in held.differences] == ["nom_naissance"]
    identity.refresh_from_db()
    assert identity.nom_naissance == before, "nothing is overwritten"
    assert "Un écart est déjà ouvert" in text(client.get(tab(dossier, "donnees-administratives/")))
    client.post(tab(dossier, "donnees-administratives/signaler/"))
    with system_scope("test"):
        assert Discrepancy.objects.count() == 1


def test_access_is_declared_from_the_page(house: House, client: Client) -> None:
    fill_dmp(house)
    dossier = agree(house, house.dossier())
    shown = text(client.get(tab(dossier, ASK)))
    assert "Déclarer mon accès à ce DMP" in shown
    client.post(tab(dossier, "acces/"))
    assert "5 documents au DMP" in text(client.get(tab(dossier, ASK)))
    client.post(tab(dossier, "acces/"), {"geste": "retirer"})
    assert "Déclarer mon accès à ce DMP" in text(client.get(tab(dossier, ASK)))


def test_the_journal_of_the_person_tells_every_reading(
    house: House, dossier: Dossier, client: Client, client_for: ClientFor
) -> None:
    client.get(tab(dossier, ASK))
    client.get(tab(dossier, f"documents/{LETTER}/"))
    client.get(tab(dossier, "en-ligne/"))
    alice = factories.make_user("Alice", "Tassin")
    factories.give_role(alice, house.essms, Role.DIRECTION)
    shown = text(client_for(alice).get(f"/journal-des-acces/?dossier={dossier.pk}"))
    for words in (
        "a consulté la liste des documents du DMP",
        "a consulté un document du DMP",
        "a ouvert le DMP en ligne",
        "a déclaré son accès au DMP",
    ):
        assert words in shown


def test_days_are_those_of_the_establishment(house: House, dossier: Dossier, client: Client) -> None:
    """23 h 30 UTC in winter is the next day in Paris."""
    late = datetime.datetime(2026, 1, 10, 23, 30, tzinfo=datetime.UTC)
    past = replace(HISTORY[1], days_ago=0, title="Nuit")
    history.put(registry(house), past, 400, late)
    assert "Du 11/01/2026" in text(client.get(tab(dossier, ASK)))
