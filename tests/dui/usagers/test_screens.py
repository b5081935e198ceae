"""Home, list, search, creation, identity and summary: what each role is shown, and what it is refused."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.crypto import get_random_string
from pytest_django.fixtures import DjangoAssertNumQueries

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import today
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers import chain
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.selectors import people
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.dui.web import to_do
from tests.dui import factories
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import asked, opened
from tests.dui.web.page_equality import HTMX, assert_page_equals_fragment, assert_swap_equals_reload

pytestmark = pytest.mark.django_db

ClientFor = Callable[..., Client]
TRAITS = {
    "etape": "creer", "nom_naissance": "Le Goff", "premier_prenom": "Anne-Marie", "prenoms": "",
    "sexe": "F", "date_naissance": "03/1941", "lieu_naissance": "", "lieu_libelle": "", "nom_utilise": "",
    "prenom_utilise": "", "entered_on": "20/11/2026",
}  # fmt: skip


def text(response: HttpResponse) -> str:
    return html.unescape(response.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def member(house: House, role: Role) -> User:
    user = factories.make_user("Camille", get_random_string(6))
    factories.give_role(user, house.essms, role)
    return user


@pytest.mark.parametrize("role", list(Role))
def test_home_opens_for_every_role(house: House, client_for: ClientFor, role: Role) -> None:
    opened(house)
    response = client_for(member(house, role)).get("/")
    assert response.status_code == 200
    assert "Bonjour Camille" in text(response)
    assert ("Identités provisoires" in text(response)) is (role in (Role.SECRETARIAT, Role.REFERENT_IDENTITE))


def test_home_counts_and_its_numbers_open_their_list(house: House, client_for: ClientFor) -> None:
    asked(house, opened(house))
    client = client_for(house.maud)
    assert "Réponses d’INSi à décider" in text(client.get("/"))
    listed = client.get("/personnes/?statut=a-decider")
    assert "Yvonne KERVELLA" in text(listed)


def test_to_do_of_another_application_is_shown_in_order(house: House, client_for: ClientFor) -> None:
    to_do.register(
        to_do.ToDo("essai", "Essais à faire", "Faites-les.", lambda request: 3, lambda: "/x/", order=1)
    )
    try:
        shown = text(client_for(house.loic).get("/"))
    finally:
        to_do.unregister("essai")
    assert "Essais à faire" in shown
    assert 'href="/x/"' in shown


def test_list_makes_the_same_queries_for_one_or_forty(
    house: House, client_for: ClientFor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(house.maud)
    opened(house)
    client.get("/personnes/")
    with django_assert_num_queries(9) as few:
        client.get("/personnes/")
    for number in range(39):
        opened(house, prenoms=f"YVONNE {'ABCDEFGHIJ'[number % 10]}", premier_prenom=f"Y{'ABCD'[number // 10]}"
               + "ABCDEFGHIJ"[number % 10])  # fmt: skip
    with django_assert_num_queries(len(few)):
        client.get("/personnes/")


def test_pages_follow_one_another_without_name_in_the_address(house: House, client_for: ClientFor) -> None:
    for first in "ABCDE":
        opened(house, prenoms=f"YVONNE{first}", premier_prenom=f"YVONNE{first}")
    rows = people.present_dossiers(house.referent)
    seen: list[int] = []
    after: int | None = None
    while True:
        page = people.people_page(rows, after=after, size=2)
        seen += [dossier.pk for dossier in page.dossiers]
        after = page.next_after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5
    client = client_for(house.maud)
    assert client.get("/personnes/?apres=999999999").status_code == 200
    assert client.get("/personnes/?apres=x&statut=nimporte").status_code == 200


def test_list_fragment_equals_the_page(house: House, client_for: ClientFor) -> None:
    client = client_for(house.maud)
    ids = [opened(house, prenoms=f"YVONNE{c}", premier_prenom=f"YVONNE{c}").pk for c in "ABC"]
    for url in ("/personnes/", "/personnes/?statut=provisoire", f"/personnes/?apres={ids[0]}"):
        assert_page_equals_fragment(client, url)
    assert_swap_equals_reload(client, "/personnes/", f"/personnes/?apres={ids[0]}", "personnes")


@pytest.mark.parametrize(
    "typed", ["kervella", "Le Bihan", "12/04/1938", "12 avril 1938", "000001", "bihan yvonne"]
)
def test_search_finds_by_what_people_type(house: House, client_for: ClientFor, typed: str) -> None:
    opened(house)
    opened(house, "pierre-houilles")
    response = client_for(house.loic).post("/personnes/recherche/", {"q": typed})
    assert "Yvonne KERVELLA" in text(response)
    assert "HOUILLES" not in text(response)
    assert Trace.objects.filter(verb="identity.searched").count() == 1


def test_search_by_ins_opens_the_dossier_and_a_wrong_key_is_explained(
    house: House, client_for: ClientFor
) -> None:
    dossier = house.dossier("jean-riou")
    client = client_for(house.loic)
    found = client.post("/personnes/recherche/", {"q": "1 41 09 29 151 102 42"})
    assert found.headers["Location"] == f"/dossiers/{dossier.pk}/"
    wrong = client.post("/personnes/recherche/", {"q": "1 41 09 29 151 102 43"})
    assert "Cette saisie ne se lit pas" in text(wrong)
    assert "102 43" not in text(wrong)


def test_search_never_leaves_the_establishment(house: House, client_for: ClientFor, charlie: User) -> None:
    opened(house)
    assert "KERVELLA" not in text(client_for(charlie).post("/personnes/recherche/", {"q": "kervella"}))
    assert client_for(house.loic).get("/personnes/recherche/").status_code == 302


def test_search_without_right_is_refused(house: House, client_for: ClientFor) -> None:
    client = client_for(member(house, Role.CHEF_PROJET))
    assert client.post("/personnes/recherche/", {"q": "x"}).status_code == 403
    assert client.get("/personnes/").status_code == 403


def test_creation_begins_by_a_search_and_shows_who_looks_alike(house: House, client_for: ClientFor) -> None:
    dossier = opened(house)
    client = client_for(house.maud)
    typed = {"etape": "chercher", "nom": "Kervela", "prenom": "Yvonne", "date_naissance": "12/04/1938"}
    shown = text(client.post("/personnes/nouvelle/", typed))
    assert "Est-ce l’une de ces personnes" in shown
    assert f'href="/dossiers/{dossier.pk}/"' in shown
    nobody = client.post("/personnes/nouvelle/", typed | {"nom": "Zzz", "date_naissance": "1950"})
    assert "Personne ne ressemble" in text(nobody)


@pytest.mark.parametrize(
    ("nom", "prenom", "birth"),
    [
        ("LE BIHAN", "Yvonne", "12/04/1938"),
        ("Lebihan", "Yvone", "12/04/1938"),
        ("Kervella", "Yvonne", "04/12/1938"),
        ("Yvonne", "Le Bihan", "12/04/1939"),
        ("le bihan", "yvonne", "1938"),
    ],
)
def test_near_writings_are_found_before_a_second_identity_is_made(
    house: House, client_for: ClientFor, nom: str, prenom: str, birth: str
) -> None:
    opened(house)
    typed = {"etape": "chercher", "nom": nom, "prenom": prenom, "date_naissance": birth}
    assert "KERVELLA" in text(client_for(house.maud).post("/personnes/nouvelle/", typed))


@pytest.mark.req("SEL-MP-043, after 01: drop the birthplace")
def test_insi_is_asked_again_without_a_birthplace_that_may_be_wrong(
    house: House, client_for: ClientFor
) -> None:
    dossier = opened(house, lieu_naissance="29019")
    asked(house, dossier)
    client = client_for(house.maud)
    page = f"/dossiers/{dossier.pk}/identite/"
    button = "Rappeler INSi sans le lieu de naissance"
    assert button in text(client.get(page))
    assert client.post(f"{page}insi/appeler/", {"lieu": "sans"}).status_code == 302
    drain()
    shown = text(client.get(page))
    assert "INSi a trouvé une identité" in shown
    assert "Recherche INSi sans le lieu de naissance" in shown
    assert button not in shown


def test_a_place_unknown_or_already_left_out_is_not_left_out_again(
    house: House, client_for: ClientFor
) -> None:
    dossier = opened(house, "pierre-houilles")
    client = client_for(house.maud)
    for place, offered in ((True, True), (False, False)):
        request_insi_search(dossier=dossier, actor=house.referent, sends_place=place)
        drain()
        shown = text(client.get(f"/dossiers/{dossier.pk}/identite/"))
        assert ("sans le lieu de naissance</button>" in shown) is offered


@pytest.mark.req("SEL-MP-043, after 01: drop the birthplace")
def test_the_place_is_sent_when_nobody_answered_01(house: House, client_for: ClientFor) -> None:
    dossier = opened(house)
    client_for(house.maud).post(f"/dossiers/{dossier.pk}/identite/insi/appeler/", {"lieu": "sans"})
    with system_scope("test"):
        assert [search.means for search in dossier.identity.insi_searches.all()] == ["traits"]


def test_a_refused_first_name_is_said_once(house: House, client_for: ClientFor) -> None:
    sent = client_for(house.maud).post("/personnes/nouvelle/", TRAITS | {"premier_prenom": "J3anne"})
    assert set(sent.context["form"].errors) == {"premier_prenom"}


def searched(client: Client, **typed: str) -> str:
    return text(client.post("/personnes/nouvelle/", {"etape": "chercher", **typed}))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({}, True),
        ({"nom": "leb"}, True),
        ({"nom_utilise": "KER"}, True),
        ({"prenom": "yvo"}, True),
        ({"nom": "Quemeneur", "prenom": "Yvonne"}, True),
        ({"nom": "Lagadec", "nom_utilise": "Kervella", "prenom": "Anne"}, True),
        ({"nom": "leb", "prenom": "jea"}, False),
        ({"nom": "zzz"}, False),
    ],
    ids=[
        "date",
        "birth-name-begun",
        "used-name-begun",
        "given-begun",
        "same-given",
        "used-name",
        "other",
        "no",
    ],
)
@pytest.mark.req("RNIV 1, recherche d'antériorité: the birth date first, three letters then")
def test_the_birth_date_is_enough_to_search(
    house: House, client_for: ClientFor, typed: dict[str, str], found: bool
) -> None:
    opened(house)
    shown = searched(client_for(house.maud), date_naissance="12/04/1938", **typed)
    assert ("Est-ce l’une de ces personnes" in shown) is found
    assert ("Personne ne ressemble" in shown) is not found


def test_an_incomplete_date_asks_for_the_names(house: House, client_for: ClientFor) -> None:
    shown = searched(client_for(house.maud), date_naissance="1938", nom_utilise="Kervella")
    assert shown.count("La date de naissance est incomplète") == 2  # the list of what to correct, the field


def test_more_people_born_that_day_than_shown_is_said(house: House, client_for: ClientFor) -> None:
    for letter in "ABCDEFGHIJK":
        opened(house, nom_naissance=f"LE{letter}", nom_utilise="")
    shown = searched(client_for(house.maud), date_naissance="12/04/1938")
    assert "Les 10 identités les plus proches" in shown
    assert "les premières lettres du nom" in shown


def test_each_name_begins_its_own_field_and_letters_begin_none(house: House, client_for: ClientFor) -> None:
    shown = client_for(house.maud).post(
        "/personnes/nouvelle/",
        {"etape": "chercher", "nom": "LEB", "nom_utilise": "Kervella", "prenom": "Yvonne",
         "date_naissance": "12/04/1938"},
    )  # fmt: skip
    begun = shown.context["form"].initial
    assert "nom_naissance" not in begun
    assert (begun["nom_utilise"], begun["premier_prenom"]) == ("Kervella", "Yvonne")


def test_person_of_another_establishment_is_taken_up_by_a_signed_choice(
    house: House, client_for: ClientFor
) -> None:
    dossier = opened(house)
    ehpad = factories.make_essms(house.essms.organisme, "EHPAD La Roselière", kind="EHPAD")
    sylvie = factories.make_user("Sylvie", "Morvan")
    factories.give_role(sylvie, ehpad, Role.SECRETARIAT)
    client = client_for(sylvie)
    typed = {"etape": "chercher", "nom": "Le Bihan", "prenom": "Yvonne", "date_naissance": "12/04/1938"}
    shown = client.post("/personnes/nouvelle/", typed)
    token = text(shown).split('name="identite" value="')[1].split('"')[0]
    assert "matricule" not in text(shown).lower()
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 404
    asked_day = client.post("/personnes/nouvelle/", {"etape": "reprendre", "identite": token})
    assert "Ouvrir un dossier pour Yvonne KERVELLA" in text(asked_day)
    chosen = {"etape": "reprendre", "identite": token, "entered_on": "20/11/2026"}
    assert client.post("/personnes/nouvelle/", chosen).status_code == 302
    other = Dossier.objects.visible_to(factories.actor_for(sylvie, ehpad)).get()
    assert other.identity_id == dossier.identity_id
    assert client_for(house.maud).post("/personnes/nouvelle/", chosen).status_code == 404
    assert client.post("/personnes/nouvelle/", chosen | {"identite": "forged"}).status_code == 404


def test_creation_makes_a_provisional_identity_with_an_incomplete_date(
    house: House, client_for: ClientFor
) -> None:
    response = client_for(house.maud).post("/personnes/nouvelle/", TRAITS)
    assert response.status_code == 302
    dossier = Dossier.objects.visible_to(house.referent).get()
    identity = identity_of(dossier)
    assert (identity.nom_naissance, identity.premier_prenom) == ("LE GOFF", "ANNE-MARIE")
    assert (identity.date_naissance, identity.lieu_naissance) == ("1941-03-01", "99999")
    assert identity.status.value == "PROV"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nom_naissance": "Le G0ff"}, "nom_naissance"),
        ({"premier_prenom": "Anne--Marie"}, "premier_prenom"),
        ({"prenoms": "Louise Anne-Marie"}, "prenoms"),
        ({"date_naissance": "31/02/1941"}, "date_naissance"),
        ({"date_naissance": "01/01/2041"}, "date_naissance"),
        ({"date_naissance": "1841"}, "date_naissance"),
        ({"lieu_naissance": "2915"}, "lieu_naissance"),
        ({"sexe": ""}, "sexe"),
        ({"entered_on": "20/11/2036"}, "entered_on"),
    ],
)
def test_each_mistake_is_said_under_its_field(
    house: House, client_for: ClientFor, changes: dict[str, str], field: str
) -> None:
    response = client_for(house.maud).post("/personnes/nouvelle/", TRAITS | changes)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text(response)
    assert not Dossier.objects.visible_to(house.referent).exists()


def test_whole_thread_by_the_screens(house: House, client_for: ClientFor) -> None:
    dossier = opened(house)
    client, base = client_for(house.maud), f"/dossiers/{dossier.pk}/identite/"
    assert "Appeler INSi" in text(client.get(base))
    client.post(base + "insi/appeler/")
    waiting = text(client.get(base))
    assert "Appel à INSi en cours" in waiting
    assert "Appeler INSi</button>" not in waiting
    drain()
    shown = text(client.get(base))
    assert "INSi a trouvé une identité" in shown
    assert "2380429151101" not in shown.replace(" ", "")
    search = identity_of(dossier).insi_searches.get()
    client.post(f"{base}insi/{search.pk}/decider/", {"decision": "reprendre"})
    assert client.get(base + "matricule/").status_code == 302, "not qualified yet"
    piece = {"device": "CN", "seen_on": today().strftime("%d/%m/%Y"), "compared": "on"}
    assert client.post(base + "piece/", piece).status_code == 302
    page = text(client.get(base))
    assert "Cette identité est qualifiée" in page
    assert "2 38 04 29 151 101" not in page
    assert "2 38 04 29 151 101" in text(client.get(base + "matricule/"))
    assert Trace.objects.filter(verb="identity.matricule_consulted").count() == 1


def test_poll_answers_the_block_then_asks_for_the_page(house: House, client_for: ClientFor) -> None:
    dossier = opened(house)
    request_insi_search(dossier=dossier, actor=house.referent)
    client, url = client_for(house.loic), f"/dossiers/{dossier.pk}/identite/insi/"
    assert 'id="insi"' in text(client.get(url, headers=HTMX)).lstrip()[:60]
    assert client.get(url).headers["Location"] == f"/dossiers/{dossier.pk}/identite/"
    drain()
    assert client.get(url, headers=HTMX).headers["HX-Refresh"] == "true"


def test_carer_reads_and_is_told_who_decides(house: House, client_for: ClientFor) -> None:
    dossier = opened(house)
    asked(house, dossier)
    shown = text(client_for(house.loic).get(f"/dossiers/{dossier.pk}/identite/"))
    assert "La décision revient au référent identitovigilance : Maud Keravel" in shown
    assert "Reprendre les traits" not in shown
    assert "btn-primary" not in shown.split("<main")[1]


READS = ("", "identite/", "identite/matricule/", "identite/insi/")
WRITES = ("identite/piece/", "identite/insi/appeler/", "identite/insi/1/decider/", "identite/traits/",
          "identite/signalement/")  # fmt: skip


def test_stranger_finds_nothing_and_colleague_may_not_write(
    house: House, client_for: ClientFor, charlie: User, other_essms: Essms
) -> None:
    dossier = opened(house)
    asked(house, dossier)
    stranger, colleague = client_for(charlie), client_for(house.loic)
    for path in READS:
        assert stranger.get(f"/dossiers/{dossier.pk}/{path}").status_code == 404, path
    for path in (*WRITES, "information-dmp/"):
        assert stranger.post(f"/dossiers/{dossier.pk}/{path}", {}).status_code == 404, path
    for path in WRITES:
        answer = colleague.post(f"/dossiers/{dossier.pk}/{path}", {})
        assert answer.status_code == 403, path
        assert "Votre fonction ne permet pas cette action" in text(answer)
    assert client_for(member(house, Role.ADMINISTRATEUR)).get(f"/dossiers/{dossier.pk}/").status_code == 403


def test_search_of_another_dossier_is_not_decided_from_here(house: House, client_for: ClientFor) -> None:
    one, two = opened(house), opened(house, "zoe-adrun")
    search = asked(house, one)
    url = f"/dossiers/{two.pk}/identite/insi/{search.pk}/decider/"
    assert client_for(house.maud).post(url, {"decision": "reprendre"}).status_code == 404


def test_reason_asked_is_an_error_of_the_form(house: House, client_for: ClientFor) -> None:
    dossier = opened(house, prenoms="YVONNE MARIE ANNE CLAUDE")
    search = asked(house, dossier)
    url = f"/dossiers/{dossier.pk}/identite/insi/{search.pk}/decider/"
    client = client_for(house.maud)
    answer = client.post(url, {"decision": "reprendre"})
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in text(answer)
    assert client.post(url, {"decision": "reprendre", "reason": "Acte relu"}).status_code == 302


def test_correction_and_marks_by_the_screens(house: House, client_for: ClientFor) -> None:
    dossier = house.dossier("jean-riou")
    client, base = client_for(house.maud), f"/dossiers/{dossier.pk}/identite/"
    shown = text(client.get(base + "traits/"))
    assert "l’INS est retirée" in shown
    values = TRAITS | {
        "nom_naissance": "Rioux", "premier_prenom": "Jean", "prenoms": "Jean Francois", "sexe": "M",
        "date_naissance": "03/09/1941", "lieu_naissance": "29151", "reason": "Pièce relue",
    }  # fmt: skip
    assert client.post(base + "traits/", values | {"reason": ""}).status_code == 422
    assert client.post(base + "traits/", values).status_code == 302
    assert client.post(base + "signalement/", {"mark": "", "reason": ""}).status_code == 422
    mark = {"mark": "poser-douteuse", "reason": "Pièce illisible"}
    assert client.post(base + "signalement/", mark).status_code == 302
    shown = text(client.get(base))
    for words in (
        "signalée douteuse",
        "RIOU → RIOUX",
        "Pièce illisible",
        "Anciens numéros",
    ):
        assert words in shown
    assert "Appeler INSi" not in shown


def test_summary_shows_the_chain_and_records_the_dmp_information(house: House, client_for: ClientFor) -> None:
    dossier = house.dossier(informed=False)
    client, url = client_for(house.loic), f"/dossiers/{dossier.pk}/"
    shown = text(client.get(url))
    assert "Qualifiée : l’INS peut accompagner les documents." in shown
    assert "Noter l’information" in shown
    bad = client.post(url + "information-dmp/", {"decision": "", "informed_on": "demain"})
    assert bad.status_code == 422
    day = today().strftime("%d/%m/%Y")
    client.post(url + "information-dmp/", {"decision": "opposition", "informed_on": day})
    assert "La personne s’oppose" in text(client.get(url))
    client.post(url + "information-dmp/", {"decision": "non_opposition", "informed_on": day})
    shown = text(client.get(url))
    assert "ne s’oppose pas" in shown
    assert dossier.dmp_information.count() == 2


def test_chain_marks_one_next_step(house: House, rf: object, client_for: ClientFor) -> None:
    dossier = opened(house)
    shown = client_for(house.maud).get(f"/dossiers/{dossier.pk}/").content.decode()
    assert shown.split("<main")[1].count("btn-primary") == 1
    assert "Qualifier l’identité" in html.unescape(shown)


def test_chain_refuses_two_links_of_one_key() -> None:
    link = next(iter(chain._links.values()))
    chain.register(link)
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured):
        chain.register(chain.ChainLink(link.key, "Autre", 1, "", link.progress))


def test_minor_and_ehpad_are_offered_their_own_documents(house: House, client_for: ClientFor) -> None:
    child, adult = opened(house, "tom-guivarch"), opened(house)
    client = client_for(house.maud)
    birth_certificate = "Extrait d'acte de naissance d'un mineur"
    assert birth_certificate in text(client.get(f"/dossiers/{child.pk}/identite/"))
    assert birth_certificate not in text(client.get(f"/dossiers/{adult.pk}/identite/"))
    answer = client.post(f"/dossiers/{adult.pk}/identite/piece/", {"device": "AN", "compared": "on"})
    assert answer.status_code == 422


def test_identity_page_reads_in_a_fixed_number_of_queries(
    house: House, client_for: ClientFor, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    dossier = opened(house)
    for _ in range(3):
        record_evidence(dossier=dossier, device="CN", seen_on=today(), actor=house.referent)
    client = client_for(house.maud)
    client.get(f"/dossiers/{dossier.pk}/identite/")
    with django_assert_max_num_queries(22):
        client.get(f"/dossiers/{dossier.pk}/identite/")
