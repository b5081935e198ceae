"""Pages of the deposits: documents to deposit, agreement, control of reception, rules, readiness; who may."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.dmp.models import DepositProposal, DepositRule, Preparation
from amarre.dui.dmp.rules import Moment
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.dmp.services.set_rule import set_rule
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.enums import DmpReading
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import DmpInformation
from amarre.interop.dmp import RIGHTS, Transaction
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.connected import House
from tests.dui.dmp.far_dmp import forget
from tests.dui.dmp.test_deposit_in_dmp import held
from tests.dui.dmp.test_deposit_views import text_of
from tests.dui.dmp.test_rules import PROJET, director_of

PEOPLE = ("marie-therese-quere", "catarina-tchitchi", "zoe-adrun", "pierre-abgrall")
LIST, APPROVALS, RECEPTION = "/dmp/a-deposer/", "/dmp/a-valider/", "/dmp/reception/"
RULES, READY = "/etablissement/regles-de-depot/", "/etablissement/pret-pour-le-dmp/"


@pytest.fixture
def nurse(house: House, client_for: ClientFor) -> Client:
    return client_for(house.loic)


@pytest.fixture
def director(house: House, client_for: ClientFor) -> Client:
    user = factories.make_user("Alice", "Tassin")
    factories.give_role(user, house.essms, Role.DIRECTION)
    return client_for(user)


@pytest.fixture
def stranger(other_essms: Essms, client_for: ClientFor) -> Client:
    user = factories.make_user("Nora", "Le Bris")
    factories.give_role(user, other_essms, Role.SOINS)
    return client_for(user)


def proposal_ids() -> list[int]:
    with system_scope("test"):
        return list(DepositProposal.objects.order_by("pk").values_list("pk", flat=True))


def only_deposit() -> DmpDeposit:
    with system_scope("test"):
        return DmpDeposit.objects.select_related("exchange", "version").get()


# --- Documents à déposer -----------------------------------------------------------------------------------


def test_the_ready_ones_leave_together_and_the_others_say_why(house: House, nurse: Client) -> None:
    for person in PEOPLE[:2]:
        house.filed(house.dossier(person))
    house.filed(house.dossier(PEOPLE[2], informed=False))
    text = text_of(nurse, LIST)
    assert "3 documents en attente" in text
    assert "Déposer les 2 prêts" in text
    assert "Il n'est pas noté que la personne a été informée" in text
    assert text.count('name="proposal"') == 2
    response = nurse.post(reverse("dmp:deposit_proposals"), {"proposal": proposal_ids()})
    assert response["Location"] == LIST
    after = text_of(nurse, LIST)
    assert "2 dépôts demandés" in after
    assert "1 document en attente" in after
    drain()
    assert len(held(house)) == 2


def test_a_batch_pressed_twice_is_one_deposit_each(house: House, nurse: Client) -> None:
    house.filed()
    for _ in range(2):
        nurse.post(reverse("dmp:deposit_proposals"), {"proposal": proposal_ids()})
    assert "déjà été traités par un collègue" in text_of(nurse, LIST)
    drain()
    assert len(held(house)) == 1


def test_a_document_set_aside_leaves_the_list(house: House, nurse: Client) -> None:
    house.filed()
    url = reverse("dmp:set_proposal_aside", args=proposal_ids())
    assert nurse.post(url)["Location"] == LIST
    assert "Rien à déposer" in text_of(nurse, LIST)
    assert nurse.post(url).status_code == 409


def test_what_waits_is_counted_on_the_page_of_the_day(house: House, nurse: Client, director: Client) -> None:
    assert "Documents à déposer au DMP" not in text_of(nurse, "/")
    house.filed()
    assert "Documents à déposer au DMP" in text_of(nurse, "/")
    assert "Documents à déposer au DMP" not in text_of(director, "/")


def test_the_list_costs_the_same_whatever_its_length(
    house: House, nurse: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    house.filed(house.dossier(PEOPLE[0]))
    text_of(nurse, LIST)
    # Session, account, places; documents and their dossiers, versions, information, evidence, deposits;
    # settings of the DMP, certificates, rules, profession of who looks, circuit, trace, counters; frame:
    # counters of the menu, services, whom to call; session kept alive, in its savepoint.
    with django_assert_num_queries(19):
        text_of(nurse, LIST)
    for person in PEOPLE[1:]:
        house.filed(house.dossier(person))
    with django_assert_num_queries(19):
        assert text_of(nurse, LIST).count('<li class="am-ligne">') == 4


def test_a_cursor_of_somebody_else_gives_the_first_page(house: House, nurse: Client) -> None:
    house.filed()
    for cursor in ("x", "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ"):
        assert text_of(nurse, f"{LIST}?apres={cursor}")


# --- Dépôts à valider --------------------------------------------------------------------------------------


def with_agreement(house: House) -> DmpDeposit:
    set_rule(essms=house.essms, type_code=PROJET, moment=Moment.ACCORD, actor=director_of(house))
    house.filed()
    return only_deposit()


def test_the_second_person_reads_then_approves(house: House, nurse: Client, director: Client) -> None:
    deposit = with_agreement(house)
    page = reverse("dmp:show_approval", args=[deposit.pk])
    assert page in text_of(director, APPROVALS)
    assert "Dépôts à valider" in text_of(director, "/")
    own = text_of(nurse, page)
    assert "une autre personne doit l'approuver" in own
    assert reverse("dmp:approve_deposit", args=[deposit.pk]) not in own
    assert nurse.post(reverse("dmp:approve_deposit", args=[deposit.pk])).status_code == 403
    text = text_of(director, page)
    assert "Approuver le dépôt" in text
    assert "rien de bloquant" in text
    assert director.post(reverse("dmp:approve_deposit", args=[deposit.pk]))["Location"] == APPROVALS
    assert "Aucun dépôt à valider" in text_of(director, APPROVALS)
    drain()
    assert len(held(house)) == 1
    assert "n'attend plus d'accord" in text_of(director, page)


def test_the_second_person_says_why_not(house: House, nurse: Client, director: Client) -> None:
    deposit = with_agreement(house)
    url = reverse("dmp:decline_deposit", args=[deposit.pk])
    assert director.post(url, {"reason": ""}).status_code == 422
    assert director.post(url, {"reason": "Trop tôt."})["Location"] == APPROVALS
    document = deposit.version
    with system_scope("test"):
        dossier_id = document.document.dossier_id
    shown = text_of(nurse, reverse("documents:show_document", args=[dossier_id, document.document_id]))
    assert "Trop tôt." in shown
    assert "Déposer au DMP" in shown, "it may be asked again"


def test_an_agreement_held_back_shows_what_holds_it(house: House, director: Client) -> None:
    deposit = with_agreement(house)
    with system_scope("test"):
        DmpInformation.objects.all().delete()
    text = text_of(director, reverse("dmp:show_approval", args=[deposit.pk]))
    assert 'aria-disabled="true"' in text
    assert director.post(reverse("dmp:approve_deposit", args=[deposit.pk])).status_code == 422


# --- Contrôle de réception ---------------------------------------------------------------------------------


def test_the_control_of_reception_from_question_to_note(house: House, nurse: Client) -> None:
    deposit_in_dmp(version=house.filed(), actor=house.actor)
    drain()
    text = text_of(nurse, RECEPTION)
    assert "Pas encore contrôlé" in text
    assert "Pas encore contrôlés (1)" in text
    assert nurse.post(reverse("dmp:ask_reception"))["Location"] == RECEPTION
    assert "Question en cours" in text_of(nurse, RECEPTION)
    drain()
    assert "Concordant (1)" in text_of(nurse, RECEPTION)
    forget(house, only_deposit().version.unique_id)
    nurse.post(reverse("dmp:ask_reception"), {"deposit": only_deposit().pk})
    drain()
    absent = text_of(nurse, f"{RECEPTION}?constat=absent")
    assert "Absent du DMP (1)" in absent
    assert "Dépôts que le DMP ne voit pas comme nous" in text_of(nurse, "/")
    with system_scope("test"):
        reception = only_deposit().reception  # type: ignore[attr-defined]
    assert nurse.post(reverse("dmp:note_gone", args=[reception.pk]))["Location"] == RECEPTION
    assert "Noté supprimé du DMP" in text_of(nurse, RECEPTION)
    assert nurse.post(reverse("dmp:correct_state", args=[reception.pk])).status_code == 409


def test_the_file_holds_no_name_and_no_formula(house: House, nurse: Client) -> None:
    deposit_in_dmp(version=house.filed(), actor=house.actor)
    drain()
    with system_scope("test"):
        only_deposit().version.document.__class__.objects.update(title="=HYPERLINK(1)")
    response = nurse.get(reverse("dmp:reception_csv"))
    assert response["Content-Type"].startswith("text/csv")
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][3] == "'=HYPERLINK(1)"
    assert "QUERE" not in text.upper()


def test_the_control_of_reception_costs_the_same_whatever_its_length(
    house: House, nurse: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    deposit_in_dmp(version=house.filed(house.dossier(PEOPLE[0])), actor=house.actor)
    drain()
    text_of(nurse, RECEPTION)
    # Session, account, places; deposits, counters, trace; frame: counters, services, contacts;
    # session kept alive, in its savepoint.
    with django_assert_num_queries(10):
        text_of(nurse, RECEPTION)
    for person in PEOPLE[1:]:
        deposit_in_dmp(version=house.filed(house.dossier(person)), actor=house.actor)
    drain()
    with django_assert_num_queries(10):
        assert text_of(nurse, RECEPTION).count('<li class="am-ligne">') == 4


# --- Règles, Prêt pour le DMP ? ----------------------------------------------------------------------------


def test_a_rule_is_chosen_and_read_back(house: House, director: Client) -> None:
    assert "Proposé" in text_of(director, RULES)
    page = f"{RULES}{PROJET}/"
    assert "Règle de départ" in text_of(director, page)
    chosen = {"moment": "accord", "roles": ["soins"], "follows_versions": "on"}
    assert director.post(page, chosen)["Location"] == RULES
    listed = text_of(director, RULES)
    assert "Après accord" in listed
    assert "Remplace sans redemander" in listed
    assert "Soins" in listed
    with system_scope("test"):
        assert DepositRule.objects.get().follows_versions is True
    assert director.post(page, {"moment": "sorcier"}).status_code == 422
    assert director.get(f"{RULES}EXPORT_DUI/").status_code == 404
    assert director.get(f"{RULES}inconnu/").status_code == 404


def test_the_page_of_readiness_tests_and_notes(house: House, director: Client) -> None:
    text = text_of(director, READY)
    for part in ("Rien ne bloque les dépôts", "Certificat de signature", "(à vérifier)", "Tester maintenant"):
        assert part in text
    assert director.post(reverse("dmp:test_connection"))["Location"] == READY
    assert "Le DMP a répondu" in text_of(director, READY)
    note = reverse("dmp:note_preparation", args=["notice"])
    assert director.post(note, {"done_on": "32/13/2026"}).status_code == 422
    assert director.post(note, {"done_on": "01/01/2999"}).status_code == 422
    assert director.post(note, {"done_on": "02/11/2026", "note": "Livret"})["Location"] == READY
    with system_scope("test"):
        assert Preparation.objects.get().note == "Livret"
    assert director.get(reverse("dmp:note_preparation", args=["root_oid"])).status_code == 404


def test_the_page_of_readiness_names_what_blocks(house: House, director: Client) -> None:
    house.profile.root_oid = ""
    house.profile.save()
    text = text_of(director, READY)
    assert "1 point bloque tout dépôt" in text
    assert "il manque l'OID racine" in text


def test_rights_by_means_of_access_are_shown_to_anybody_of_the_house(house: House, nurse: Client) -> None:
    page = reverse("dmp:rights")
    text = text_of(nurse, page)
    for row in RIGHTS:
        shown = row.act[0].upper() + row.act[1:] in text.replace("’", "'")
        assert shown is (row.transaction is not Transaction.LISTER_DMP)
    assert "PDT-INF-526" in text
    assert text.count("Ici") == 3
    assert "connexion forte du professionnel (AIR)" in text
    house.profile.dmp_reading = DmpReading.NONE
    house.profile.save()
    text = text_of(nurse, page)
    assert text.count("Ici") == 1
    assert "Pas de consultation depuis Amarre" in text
    assert Client().get(page).status_code == 302


def test_the_panel_of_a_person(house: House, nurse: Client) -> None:
    dossier = house.dossier(informed=False)
    house.filed(dossier)
    text = text_of(nurse, reverse("dmp:person_readiness", args=[dossier.pk]))
    assert "Il n'est pas noté que la personne a été informée" in text
    assert "Rien ne le retient" in text
    assert "Votre profession est connue du DMP" in text


# --- Who may -----------------------------------------------------------------------------------------------


def test_each_page_is_for_who_holds_its_right(
    house: House, nurse: Client, director: Client, client_for: ClientFor
) -> None:
    deposit = with_agreement(house)
    assert nurse.get(RULES).status_code == nurse.get(READY).status_code == 403
    assert nurse.post(reverse("dmp:test_connection")).status_code == 403
    assert director.get(LIST).status_code == 403
    assert director.post(reverse("dmp:deposit_proposals")).status_code == 403
    clerk: User = factories.make_user("Zoé", "Le Gall")
    factories.give_role(clerk, house.essms, Role.SECRETARIAT)
    secretary = client_for(clerk)
    assert secretary.get(APPROVALS).status_code == 403
    assert secretary.post(reverse("dmp:approve_deposit", args=[deposit.pk])).status_code == 403
    assert only_deposit().exchange.state == State.A_VALIDER


def test_the_stranger_finds_nothing(house: House, stranger: Client) -> None:
    house.filed(house.dossier(PEOPLE[1]))
    deposit = with_agreement(house)
    for url in (LIST, APPROVALS, RECEPTION):
        assert "am-ligne" not in text_of(stranger, url)
    for name in ("show_approval", "approve_deposit", "decline_deposit"):
        url = reverse(f"dmp:{name}", args=[deposit.pk])
        asked = stranger.get(url) if name == "show_approval" else stranger.post(url, {"reason": "x"})
        assert asked.status_code == 404
    dossier_id = deposit.exchange.dossier_id
    assert stranger.get(reverse("dmp:person_readiness", args=[dossier_id])).status_code == 404
    assert stranger.post(reverse("dmp:ask_reception"), {"deposit": deposit.pk}).status_code == 404
    stranger.post(reverse("dmp:deposit_proposals"), {"proposal": proposal_ids()})
    assert only_deposit().exchange.state == State.A_VALIDER
