"""The directory: searched directly, traced without words, copies for the day it does not answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.directory.connector import annuaire_client
from amarre.dui.directory.errors import AnnuaireNotConfigured, DirectorySilent, EntryGone, KeyUnreadable
from amarre.dui.directory.forms.search_form import SearchForm, professions
from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.directory.selectors import DirectoryQuery, entry_for, recent_entries
from amarre.dui.directory.services.choose_entry import choose_entry
from amarre.dui.directory.services.search_professionals import DirectoryAnswer, search_professionals
from amarre.dui.directory.views.directory_views import safe_return
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.connected import House

pytestmark = pytest.mark.django_db

CLAIRE = "99700000138"


def search(house: House, actor: Actor | None = None, **query: str) -> DirectoryAnswer:
    return search_professionals(essms=house.essms, query=DirectoryQuery(**query), actor=actor or house.actor)


def choose(house: House, identifier: str = CLAIRE, kind: str = "professionnel") -> DirectoryEntry:
    return choose_entry(essms=house.essms, kind=kind, identifier=identifier, actor=house.actor)


def silence(house: House) -> None:
    """The directory does not answer any more."""
    with system_scope("test"):
        house.profile.annuaire_url = "https://localhost:1/gateway/fhir/v2"
        house.profile.save()


def test_found_by_name_with_their_addresses(house: House) -> None:
    answer = search(house, name="roussel")
    assert answer.degraded is None
    claire, camille = answer.entries
    assert (claire.name, claire.profession, claire.identifier) == ("Claire ROUSSEL", "Infirmier", CLAIRE)
    assert [box.address for box in claire.mailboxes] == ["claire.roussel@infirmier.mssante.fr"]
    assert claire.mailboxes[0].label == "boîte personnelle"
    assert claire.commune == "99100 PORT-AMARRE"
    assert (camille.mailboxes, camille.can_be_chosen) == ((), False)


def test_doctors_are_called_doctor(house: House) -> None:
    assert [entry.name for entry in search(house, name="sow").entries] == ["Dr Aminata SOW"]


def test_found_by_profession_and_commune(house: House) -> None:
    found = search(house, commune="port", profession="60").entries
    assert "Claire ROUSSEL" in [entry.name for entry in found]
    assert {entry.profession for entry in found} == {"Infirmier"}


def test_structures_are_found_with_the_boxes_of_their_services(house: House) -> None:
    (hospital,) = search(house, name="hospitalier", kind="structure").entries
    assert (hospital.kind, hospital.identifier) == ("structure", "990000044")
    assert [box.address for box in hospital.mailboxes] == ["coordination@ch-port-amarre.mssante.fr"]


def test_the_search_is_traced_without_its_words(house: House) -> None:
    search(house, name="roussel")
    trace = Trace.objects.get(verb="directory.searched")
    assert trace.details == {"kind": "professionnel", "results": 2, "failure": ""}


def test_who_may_not_search(house: House, stranger: Actor) -> None:
    with pytest.raises(NotAllowed):
        search(house, actor=house.referent, name="roussel")
    with pytest.raises(OutOfScope):
        search(house, actor=stranger, name="roussel")


def test_an_entry_chosen_is_read_again_and_kept_once(house: House) -> None:
    first = choose(house)
    with system_scope("test"):
        first.mailboxes = []
        first.save()
    again = choose(house)
    assert again.pk == first.pk
    assert again.addresses == ["claire.roussel@infirmier.mssante.fr"]
    assert [entry.pk for entry in recent_entries(house.actor)] == [first.pk]
    assert Trace.objects.filter(verb="directory.chosen").count() == 2


def test_an_entry_belongs_to_the_organisme(house: House, stranger: Actor) -> None:
    entry = choose(house)
    with pytest.raises(OutOfScope):
        entry_for(stranger, entry.pk)
    assert recent_entries(stranger) == []
    sister = factories.make_essms(house.essms.organisme, "IME et foyer")
    user = factories.make_user("Karim", "Benali")
    factories.give_role(user, sister, Role.SOINS)
    assert entry_for(factories.actor_for(user, sister), entry.pk) == entry


def test_an_entry_no_longer_published_is_not_chosen(house: House) -> None:
    with pytest.raises(EntryGone):
        choose(house, "99700000999")
    with pytest.raises(EntryGone):
        choose(house, "990000999", "structure")
    # A kind that the page never gives.
    with pytest.raises(EntryGone):
        choose(house, kind="x" * 300)


def test_copies_stand_in_when_the_directory_is_silent(house: House) -> None:
    entry = choose(house)
    silence(house)
    answer = search(house, name="rouss", commune="port-amarre")
    assert [found.name for found in answer.entries] == ["Claire ROUSSEL"]
    assert answer.entries[0].fetched_at == entry.fetched_at
    assert answer.degraded is not None
    assert answer.degraded.what.endswith("L'Annuaire Santé ne répond pas.")
    assert search(house, name="zzz").entries == ()
    assert choose(house).fetched_at == entry.fetched_at
    with pytest.raises(DirectorySilent):
        choose(house, "99700000146")


@pytest.mark.parametrize("situation", ["indisponible", "page-html", "coupure-avant", "reponse-tronquee"])
def test_every_failure_of_the_directory_is_said(house: House, situation: str) -> None:
    assert house.sandbox is not None
    house.sandbox.choose("annuaire", situation, 1)
    answer = search(house, name="roussel")
    assert answer.degraded is not None
    assert "gardée" not in answer.degraded.data_state, "a search is not kept"


def test_missing_settings_are_named(house: House, tmp_path: Path) -> None:
    empty = tmp_path / "vide"
    empty.write_text("\n")
    profile = house.profile
    with system_scope("test"):
        for name in (str(empty), str(tmp_path / "absent")):
            profile.annuaire_key_file = name
            with pytest.raises(KeyUnreadable):
                annuaire_client(profile)
        profile.annuaire_key_file = ""
        with pytest.raises(AnnuaireNotConfigured):
            annuaire_client(profile)


def test_an_establishment_without_any_setting_is_told_so(house: House) -> None:
    with system_scope("test"):
        house.profile.delete()
    answer = search(house, name="ROUSSEL")
    assert answer.degraded is not None
    assert answer.degraded.code == AnnuaireNotConfigured.code
    with pytest.raises(AnnuaireNotConfigured):
        choose(house)


def test_professions_are_proposed_without_their_specialties() -> None:
    proposed = dict(professions())
    assert (proposed["60"], proposed["10"]) == ("Infirmier", "Médecin")
    assert SearchForm({"quoi": "professionnel", "nom": " ", "profession": "60"}).errors.keys() == {"nom"}


@pytest.mark.parametrize(
    "path",
    [
        "https://ailleurs.example/",
        "//ailleurs.example/",
        "/\\ailleurs.example/",
        "javascript:alert(1)",
        "/annuaire/?x=1",
        "dossiers/1/",
        "/\t/ailleurs.example",
        "",
    ],
)
def test_one_only_comes_back_to_a_page_of_ours(path: str) -> None:
    assert safe_return(path) == ""


def test_picked_for_the_page_that_asked(house: House, client_for: ClientFor) -> None:
    client = client_for(house.loic, house.essms)
    page = client.get(reverse("directory:search_directory"), {"nom": "roussel", "pour": "/dossiers/1/"})
    text = page.content.decode()
    assert text.count("Choisir<span") == 1
    assert "Sans adresse MSSanté" in text
    answer = client.post(
        reverse("directory:choose_entry"),
        {"quoi": "professionnel", "identifiant": CLAIRE, "pour": "/dossiers/1/"},
    )
    with system_scope("test"):
        entry = DirectoryEntry.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/dossiers/1/?destinataire={entry.pk}")
    away = {"quoi": "professionnel", "identifiant": CLAIRE, "pour": "//ailleurs.example/"}
    assert client.post(reverse("directory:choose_entry"), away)["Location"] == "/annuaire/"


def test_the_fragment_is_the_end_of_the_page(house: House, client_for: ClientFor) -> None:
    client: Any = client_for(house.loic, house.essms)
    fragment = client.get("/annuaire/?nom=roussel", headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="resultats"')
    assert "Claire ROUSSEL" in fragment


def test_an_empty_search_is_explained(house: House, client_for: ClientFor) -> None:
    answer = client_for(house.loic, house.essms).get("/annuaire/?nom=&commune=")
    assert answer.status_code == 422
    assert "Indiquez un nom ou une commune" in answer.content.decode()


def test_the_referent_has_no_directory(house: House, client_for: ClientFor) -> None:
    assert client_for(house.maud, house.essms).get("/annuaire/").status_code == 403
