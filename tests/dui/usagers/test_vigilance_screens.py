"""Screens of identitovigilance: lists, écart, pair, fusion, collision, figures; rights and queries."""

from __future__ import annotations

import csv
import datetime
import html
import io
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.collision_points import POINTS
from amarre.dui.usagers.departures import departures_of
from amarre.dui.usagers.errors import ReasonMissing
from amarre.dui.usagers.models import CollisionCase, Discrepancy, Dossier, DuplicatePair, Identity
from amarre.dui.usagers.presenters import usual_name
from amarre.dui.usagers.selectors import vigilance
from amarre.dui.usagers.services.handle_collision import check_point, close_collision, open_collision
from amarre.dui.usagers.vigilance_errors import CollisionAlreadyOpen, CollisionClosed, CollisionPointsLeft
from amarre.dui.web import shell
from amarre.dui.web.shell import ContactCard
from amarre.interop.ins.status import Status
from tests.dui import factories
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import asked, opened
from tests.dui.web.page_equality import assert_page_equals_fragment

pytestmark = pytest.mark.django_db

ClientFor = Callable[..., Client]
DOCUMENT = {
    "device": "CN", "seen_on": "20/11/2026", "nom_naissance": "Le Bihan", "premier_prenom": "Yvonne",
    "prenoms": "Yvonne Marie Anne", "sexe": "F", "date_naissance": "12/04/1938", "lieu_naissance": "29151",
}  # fmt: skip


# Session, person, rights, the counter of the menu, services; then the trace of the reading and the page.
QUERIES = {"/ecarts/": 9, "/doublons/": 8, "/identitovigilance/": 16}


def text(response: HttpResponse) -> str:
    return html.unescape(response.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def ecart(house: House, **changes: str) -> Discrepancy:
    dossier = opened(house, **({"prenoms": "YVONNE MARIE ANNA"} | changes))
    asked(house, dossier)
    with system_scope("test"):
        return Discrepancy.objects.filter(dossier=dossier).latest("pk")


def pair_of(house: House) -> DuplicatePair:
    opened(house, "denise-pochard")
    opened(house, "denise-pochard", nom_naissance="POCHARTE")
    with system_scope("test"):
        return DuplicatePair.objects.get()  # type: ignore[no-any-return]


def screens(house: House) -> list[str]:
    held, pair = ecart(house), pair_of(house)
    dossier = opened(house, "jean-riou")
    case = open_collision(dossier=dossier, level="douteuse", reason="Deux écritures", actor=house.referent)
    return [
        "/identitovigilance/", "/identitovigilance/delais/", "/ecarts/", f"/ecarts/{held.pk}/", "/doublons/",
        f"/doublons/{pair.pk}/", "/fusions/", f"/dossiers/{held.dossier_id}/identite/collision/",
        f"/collisions/{case.pk}/", f"/collisions/{case.pk}/deja-parti/",
    ]  # fmt: skip


def test_only_the_right_role_and_the_right_establishment(
    house: House, client_for: ClientFor, charlie: User
) -> None:
    addresses = screens(house)
    for address in addresses:
        assert client_for(house.maud).get(address).status_code == 200, address
        assert client_for(house.loic).get(address).status_code == 403, address
    for address in addresses:
        if any(character.isdigit() for character in address):
            assert client_for(charlie).get(address).status_code == 404, address
    home = text(client_for(house.maud).get("/"))
    for words in ("Écarts d’identité", "Doublons possibles", "Collisions à traiter", "/identitovigilance/"):
        assert words in home
    assert "/identitovigilance/" not in text(client_for(house.loic).get("/"))


def test_lists_of_work_make_the_same_queries_whatever_their_length(
    house: House, client_for: ClientFor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(house.maud)
    ecart(house)
    pair_of(house)
    for address, number in QUERIES.items():
        client.get(address)
        with django_assert_num_queries(number):
            client.get(address)
    for letter in "ABCD":
        ecart(house, premier_prenom=f"Y{letter}", prenoms=f"Y{letter} MARIE")
    for address, number in QUERIES.items():
        with django_assert_num_queries(number):
            client.get(address)


@pytest.mark.parametrize(
    "address",
    ["/ecarts/", "/ecarts/?nature=differents", "/ecarts/?nature=traites", "/doublons/", "/fusions/"],
)
def test_fragments_equal_their_page(house: House, client_for: ClientFor, address: str) -> None:
    ecart(house)
    pair_of(house)
    assert_page_equals_fragment(client_for(house.maud), address)


def test_an_ecart_from_the_list_to_the_answer(house: House, client_for: ClientFor) -> None:
    held = ecart(house)
    client = client_for(house.maud)
    assert "Yvonne KERVELLA" in text(client.get("/ecarts/?nature=differents"))
    shown = text(client.get(f"/ecarts/{held.pk}/"))
    assert "Recopier la pièce" in shown
    assert "Comparer avec la pièce" in shown
    wrong = client.post(f"/ecarts/{held.pk}/piece/", DOCUMENT | {"device": "", "sexe": ""})
    assert wrong.status_code == 422
    assert client.post(f"/ecarts/{held.pk}/piece/", DOCUMENT).status_code == 302
    shown = text(client.get(f"/ecarts/{held.pk}/"))
    assert "l’erreur est dans notre base" in shown
    assert "Comparer les trois sources" in shown
    unsaid = client.post(f"/ecarts/{held.pk}/decider/", {"decision": "corriger", "reason": ""})
    assert unsaid.status_code == 422
    done = client.post(f"/ecarts/{held.pk}/decider/", {"decision": "corriger", "reason": "Faute de frappe"})
    assert done.headers["Location"].endswith("/identite/#insi")
    assert "Base corrigée" in text(client.get(f"/ecarts/{held.pk}/"))
    assert "Base corrigée" in text(client.get("/ecarts/?nature=traites"))


def test_what_the_document_does_not_write_stays_ours(house: House, client_for: ClientFor) -> None:
    held = ecart(house)
    data = DOCUMENT | {"prenoms": "", "lieu_naissance": ""}
    client_for(house.maud).post(f"/ecarts/{held.pk}/piece/", data)
    held.refresh_from_db()
    assert held.document["traits"]["prenoms"] == "YVONNE MARIE ANNA"
    assert held.document["traits"]["lieu_naissance"] == "29151"


@pytest.mark.parametrize(("name", "shown"), [("Maud Keravel", False), ("Julie Prat", True)])
def test_nobody_is_told_to_call_themselves(
    house: House, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, name: str, shown: bool
) -> None:
    monkeypatch.setitem(
        shell._providers, "contacts", lambda request, role: ContactCard(name, "01 99 00 12 11")
    )
    page = text(client_for(house.maud).get(f"/ecarts/{ecart(house).pk}/"))
    aside = page[page.index("Un doute ?") :].partition("</section>")[0]
    assert (name in aside) is shown


def test_the_used_name_found_in_the_base_is_offered_then_kept(house: House, client_for: ClientFor) -> None:
    held = ecart(house, nom_naissance="KERVELLA", nom_utilise="")
    client = client_for(house.maud)
    asked = "Garder KERVELLA comme nom utilisé"
    assert asked not in text(client.get(f"/ecarts/{held.pk}/"))
    client.post(f"/ecarts/{held.pk}/piece/", DOCUMENT)
    assert asked in text(client.get(f"/ecarts/{held.pk}/"))
    sent = {"decision": "corriger", "reason": "Carte lue", "keeps_used_name": "on"}
    assert client.post(f"/ecarts/{held.pk}/decider/", sent).status_code == 302
    identity = identity_of(held.dossier)
    assert (identity.nom_naissance, identity.nom_utilise) == ("LE BIHAN", "KERVELLA")


@pytest.mark.parametrize("decision", ["mettre-de-cote", "douteuse"])
def test_other_decisions_from_the_page(house: House, client_for: ClientFor, decision: str) -> None:
    held = ecart(house)
    client = client_for(house.maud)
    sent = {"decision": decision, "reason": "Vu avec la famille"}
    assert client.post(f"/ecarts/{held.pk}/decider/", sent).status_code == 302
    assert "Vu avec la famille" in text(client.get(f"/ecarts/{held.pk}/"))
    late = client.post(f"/ecarts/{held.pk}/decider/", sent)
    assert "Cet écart est déjà traité" in text(late)


def test_the_identity_page_leads_to_its_open_ecart(house: House, client_for: ClientFor) -> None:
    held = ecart(house)
    assert f"/ecarts/{held.pk}/" in text(client_for(house.maud).get(f"/dossiers/{held.dossier_id}/identite/"))


def test_a_pair_judged_merged_and_separated_from_the_pages(house: House, client_for: ClientFor) -> None:
    pair = pair_of(house)
    client = client_for(house.maud)
    shown = text(client.get(f"/doublons/{pair.pk}/"))
    assert "Même date de naissance." in shown
    assert client.post(f"/doublons/{pair.pk}/reunir/", {"une-survivor": pair.first_id}).status_code == 422
    data = {"une-survivor": pair.first_id, "une-reason": "Même carte d'identité"}
    address = client.post(f"/doublons/{pair.pk}/reunir/", data).headers["Location"]
    assert "En vigueur" in text(client.get(address))
    assert "POCHAR<mark>" in text(client.get(address))
    assert "Défaire" in text(client.get(address))
    with system_scope("test"):
        joined = Dossier.objects.exclude(joined_to=None).get()
    assert "Ce dossier a été réuni à un autre" in text(client.get(f"/dossiers/{joined.pk}/"))
    assert f"Dossier {joined.number}" in text(client.get(f"/dossiers/{joined.joined_to_id}/identite/"))
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Deux cartes"}).status_code == 302
    assert "Cette fusion est défaite" in text(client.get(address))
    data = {"deux-reason": "Deux cartes vues", "deux-homonymes": "on"}
    assert client.post(f"/doublons/{pair.pk}/deux-personnes/", data).status_code == 302
    assert "Aucune paire ici" in text(client.get("/doublons/"))
    assert "Deux cartes vues" in text(client.get("/doublons/?etat=deux-personnes"))


def test_figures_open_the_list_they_count(house: House, client_for: ClientFor) -> None:
    old = house.dossier("jean-riou")
    late = opened(house)
    late.entered_on = today() - datetime.timedelta(days=31)
    late.save()
    opened(house, "denise-pochard")
    with system_scope("test"):
        years = now() - datetime.timedelta(days=5 * 365)
        Identity.objects.filter(pk=old.identity_id).update(ins_obtained_at=years, ins_verified_at=None)
    client = client_for(house.maud)
    shown = text(client.get("/identitovigilance/"))
    assert "Provisoires depuis plus de 30 jours" in shown
    assert vigilance.late_provisional(house.referent).get().pk == late.pk
    assert vigilance.due_for_verification(house.referent).get().pk == old.pk
    listed = text(client.get("/personnes/?statut=provisoire-ancienne"))
    assert "Yvonne KERVELLA" in listed
    assert "POCHARD" not in listed
    assert "RIOU" in text(client.get("/personnes/?statut=a-reverifier"))
    rates = {one.key: one.count for one in vigilance.rates(house.referent)}
    assert (rates["qualifiee"], rates["provisoire"]) == (1, 2)
    client.post("/identitovigilance/delais/", {"provisional_days": "60", "reverification_months": "72"})
    assert not vigilance.late_provisional(house.referent).exists()
    assert not vigilance.due_for_verification(house.referent).exists()
    assert client.post("/identitovigilance/delais/", {"provisional_days": "0"}).status_code == 422


def test_documents_with_the_ins_are_counted_and_listed(house: House, client_for: ClientFor) -> None:
    house.filed()
    director = factories.make_user("Alix", "Direction")
    factories.give_role(director, house.essms, Role.REFERENT_IDENTITE, Role.DIRECTION)
    client = client_for(director)
    assert "Documents avec l’INS" in text(client.get("/identitovigilance/"))
    assert "version 1" in text(client.get("/documents/avec-ins/"))
    assert_page_equals_fragment(client, "/documents/avec-ins/")
    # The only role that opens the page of identitovigilance reads no document: it sees whose they are.
    shown = client_for(house.maud).get("/documents/avec-ins/")
    assert "QUERE" in text(shown)
    assert "Projet" not in text(shown)
    assert "/documents/" not in shown.content.decode().split("<main", 1)[1].split("</main>")[0]
    assert client_for(factories.make_user("Rien", "Ici")).get("/documents/avec-ins/").status_code == 403


def sent(house: House) -> Dossier:
    version = house.filed()
    deposit_in_dmp(version=version, actor=house.actor)
    drain()
    return house.reload(version.document.dossier)


def test_a_collision_from_the_doubt_to_the_conclusion(house: House, client_for: ClientFor) -> None:
    dossier = sent(house)
    client = client_for(house.maud)
    opening = f"/dossiers/{dossier.pk}/identite/collision/"
    assert client.post(opening, {"level": "", "reason": ""}).status_code == 422
    address = client.post(opening, {"level": "douteuse", "reason": "Deux ordonnances"}).headers["Location"]
    identity = identity_of(dossier)
    assert (identity.status, identity.matricule, identity.is_douteuse) == (Status.PROVISOIRE, "", True)
    shown = text(client.get(address))
    assert "Mesure prise : Identité signalée douteuse." in shown
    assert usual_name(identity) in text(client.get("/identitovigilance/"))
    assert "Dépôt au DMP" in shown
    assert "demandez au DMP sa suppression" in shown
    (one,) = departures_of([dossier.pk])
    assert (one.carried_ins, one.certain) == (True, True)
    assert one.reference in shown
    exported = client.get(f"{address}deja-parti/").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(exported), delimiter=";"))
    assert rows[0][:3] == ["Le", "À", "Nature"]
    assert rows[1][5] == one.reference
    assert Trace.objects.filter(verb="identity.departures_exported").count() == 1
    for point in POINTS:
        assert client.post(f"{address}controle/", {"point": point.code}).status_code == 302
    assert "Conclure la procédure" in text(client.get(address))
    done = {"conclusion": "confirmee", "note": "Mauvaise sélection à l'accueil"}
    assert client.post(f"{address}conclure/", done).status_code == 302
    assert "Collision confirmée" in text(client.get(address))


def test_collision_levels_rights_and_order(house: House, stranger: Actor) -> None:
    dossier = house.dossier("jean-riou")
    for actor, refusal in ((stranger, OutOfScope), (house.actor, NotAllowed)):
        with pytest.raises(refusal):
            open_collision(dossier=dossier, level="ins", reason="x", actor=actor)
    with pytest.raises(ReasonMissing):
        open_collision(dossier=dossier, level="ins", reason=" ", actor=house.referent)
    case = open_collision(dossier=dossier, level="ins", reason="Carte prêtée", actor=house.referent)
    assert identity_of(dossier).status is Status.VALIDEE
    assert identity_of(dossier).ins_history.count() == 1
    with pytest.raises(CollisionAlreadyOpen):
        open_collision(dossier=dossier, level="ins", reason="x", actor=house.referent)
    with pytest.raises(CollisionPointsLeft):
        close_collision(case=case, conclusion="ecartee", note="x", actor=house.referent)
    with pytest.raises(KeyError):
        check_point(case=case, point="inconnu", actor=house.referent)
    for point in (*POINTS, POINTS[0]):
        check_point(case=case, point=point.code, actor=house.referent)
    assert case.checks.count() == len(POINTS)
    close_collision(case=case, conclusion="ecartee", note="Une seule personne", actor=house.referent)
    with pytest.raises(CollisionClosed):
        check_point(case=case, point=POINTS[0].code, actor=house.referent)
    assert not CollisionCase.objects.visible_to(house.referent).filter(closed_at=None).exists()
