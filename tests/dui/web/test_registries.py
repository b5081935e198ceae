"""The menu, the tabs and the frame show what the rights allow, nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve

from amarre.dui.web import context_processors, dossier_tabs, navigation, shell
from amarre.dui.web.navigation import Entry, Phone


def guard(request: HttpRequest, permission: str, obj: object | None = None) -> bool:
    return permission == "allowed"


@pytest.fixture
def request_of_plus(rf: RequestFactory, settings: SimpleNamespace) -> HttpRequest:
    settings.WEB_GUARD = f"{__name__}.guard"
    request = rf.get("/plus/")
    request.resolver_match = resolve("/plus/")
    return request


@pytest.fixture
def own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(dossier_tabs, "_tabs", {})
    monkeypatch.setattr(shell, "_providers", {})
    monkeypatch.setattr(shell, "_search", {})


@pytest.mark.usefixtures("own_registries")
def test_menu_shows_allowed_entries_in_order(request_of_plus: HttpRequest) -> None:
    navigation.register(Entry("b", "Services", "info", "web:services", order=2, counter=lambda r: 3))
    navigation.register(Entry("a", "Plus", "menu", "web:plus", order=1, permission="allowed"))
    navigation.register(Entry("c", "Comptes", "cadenas", "web:plus", order=3, permission="refused"))
    links = navigation.links(request_of_plus)
    assert [(link.label, link.count) for link in links] == [("Plus", 0), ("Services", 3)]
    assert [link.label for link in links if link.current] == ["Plus"]


@pytest.mark.usefixtures("own_registries")
def test_a_page_of_a_person_lights_the_entry_of_the_people(request_of_plus: HttpRequest) -> None:
    navigation.register(Entry("people", "Personnes", "info", "web:services", argument="dossier_id"))
    navigation.register(Entry("plus", "Plus", "menu", "web:plus"))
    request_of_plus.resolver_match.kwargs = {"dossier_id": 1}  # type: ignore[union-attr]
    assert [link.label for link in navigation.links(request_of_plus) if link.current] == ["Personnes"]


@pytest.mark.usefixtures("own_registries")
def test_menu_refuses_two_entries_of_the_same_key() -> None:
    navigation.register(Entry("a", "Un", "info", "web:plus"))
    with pytest.raises(ImproperlyConfigured):
        navigation.register(Entry("a", "Deux", "info", "web:plus"))


@pytest.mark.usefixtures("own_registries")
def test_menu_names_the_entry_that_leads_nowhere(request_of_plus: HttpRequest) -> None:
    navigation.register(Entry("a", "Un", "info", "nowhere:at_all"))
    with pytest.raises(ImproperlyConfigured, match="nowhere:at_all"):
        navigation.links(request_of_plus)


@pytest.mark.usefixtures("own_registries")
def test_telephone_bar_follows_its_places(request_of_plus: HttpRequest) -> None:
    navigation.register(Entry("a", "Envois", "envoyer", "web:plus", order=1, phone=Phone.FOURTH))
    navigation.register(Entry("b", "Journée", "journee", "web:plus", order=2, phone=Phone.FIRST))
    navigation.register(Entry("c", "Autre", "info", "web:plus", order=3))
    request_of_plus.user = SimpleNamespace(is_authenticated=True)  # type: ignore[assignment]
    frame = context_processors.Frame(request_of_plus)
    assert [link.label for link in frame.phone_links] == ["Journée", "Envois"]


@pytest.mark.usefixtures("own_registries")
def test_tabs_are_filtered_by_the_dossier(request_of_plus: HttpRequest) -> None:
    dossier_tabs.register(dossier_tabs.Tab("x", "Accès", "web:plus", permission="refused"))
    assert dossier_tabs.links(request_of_plus, SimpleNamespace(pk=1), "x") == []


@pytest.mark.usefixtures("own_registries")
def test_nobody_logged_in_means_no_menu(request_of_plus: HttpRequest) -> None:
    navigation.register(Entry("a", "Un", "info", "web:plus"))
    frame = context_processors.Frame(request_of_plus)
    assert (frame.actor, frame.links, frame.search) == (None, [], None)


@pytest.mark.usefixtures("own_registries")
def test_head_tells_the_worst_state_first(request_of_plus: HttpRequest) -> None:
    states = [
        shell.ServiceState("INSi", shell.Availability.AVAILABLE, ""),
        shell.ServiceState("DMP", shell.Availability.DOWN, ""),
        shell.ServiceState("MSSanté", shell.Availability.DOWN, ""),
    ]
    shell.provide_services(lambda request: states)
    summary = context_processors.Frame(request_of_plus).services_summary
    assert summary is not None
    assert summary.text == "DMP ne répond pas, et 1 autre"


@pytest.mark.usefixtures("own_registries")
def test_contact_falls_back_to_the_words_of_the_role(request_of_plus: HttpRequest) -> None:
    role = shell.Contact.REFERENT_IDENTITE
    assert shell.contact(request_of_plus, role).name == "Votre référent identitovigilance"
    shell.provide_contacts(lambda request, asked: shell.ContactCard("Maud Keravel", "01 99 00 12 02"))
    assert shell.contact(request_of_plus, role).tel == "tel:+33199001202"


@pytest.mark.parametrize(("environment", "label"), [("demo", "DÉMONSTRATION"), ("production", None)])
def test_banner_of_the_environment(
    request_of_plus: HttpRequest, settings: SimpleNamespace, environment: str, label: str | None
) -> None:
    settings.AMARRE_ENVIRONMENT = environment
    shown = context_processors.Frame(request_of_plus).environment
    assert (shown.label if shown else None) == label
