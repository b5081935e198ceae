"""The simulated directory, asked with bare requests and with the client of the kit."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amarre.interop.annuaire import MailboxKind, PlaceQuery, ProfessionalQuery
from amarre.interop.annuaire.errors import (
    ApiKeyRefused,
    NotAnAnswer,
    QueryEmpty,
    ServiceClosed,
    TooManyRequests,
)
from amarre.interop.clients.annuaire import AnnuaireClient, AnnuaireProfile
from amarre.interop.transport.http import TlsHttpTransport
from amarre.interop.transport.tls import client_context
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.services.annuaire.service import API_KEY, PREFIX
from amarre.sandbox.settings import SandboxSettings

STRUCTURE = "1990000002"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    settings = SandboxSettings(
        data_dir=tmp_path_factory.mktemp("sandbox"),
        plain_port=0,
        https_port=0,
        smtp_port=0,
        imap_port=0,
        durable=False,
    )
    with Sandbox(settings, services=("annuaire",)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.reset()
    return running


def context(sandbox: Sandbox) -> ssl.SSLContext:
    paths = sandbox.pki.paths(Use.ANNUAIRE, STRUCTURE)
    return client_context(Path(sandbox.pki.authorities), paths.certificate, paths.key)


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[AnnuaireClient]:
    transport = TlsHttpTransport(context(sandbox))
    yield AnnuaireClient(transport, AnnuaireProfile(sandbox.https_url + PREFIX, API_KEY))
    transport.close()


def get(sandbox: Sandbox, path: str, key: str | None = API_KEY, method: str = "GET") -> tuple[int, Any]:
    url = path if path.startswith("https:") else f"{sandbox.https_url}{PREFIX}/{path}"
    request = urllib.request.Request(url, headers={"ESANTE-API-KEY": key} if key else {}, method=method)
    try:
        with urllib.request.urlopen(request, context=context(sandbox), timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_the_key_is_required(sandbox: Sandbox) -> None:
    status, body = get(sandbox, "Practitioner?family=ROUSSEL", key=None)
    assert (status, body["resourceType"]) == (401, "OperationOutcome")
    assert get(sandbox, "Practitioner?family=ROUSSEL", key="autre")[0] == 401


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("family=rous", 2),
        ("family:exact=rousSEL", 0),
        ("family:exact=ROUSSEL", 2),
        ("family:contains=OUSS", 2),
        ("family=Roussel&given=Claire", 1),
        ("name=Camille", 1),
        ("identifier=99700000138", 1),
        ("identifier=https://rpps.esante.gouv.fr%7C99700000138", 1),
        ("identifier=https://finess.esante.gouv.fr%7C99700000138", 0),
        ("family=rousseau", 0),
    ],
)
def test_search_parameters_are_really_applied(sandbox: Sandbox, query: str, count: int) -> None:
    status, bundle = get(sandbox, f"Practitioner?{query}")
    assert (status, bundle["total"], len(bundle.get("entry", []))) == (200, count, count)


def test_unknown_parameters_paths_and_verbs_are_refused(sandbox: Sandbox) -> None:
    assert get(sandbox, "Practitioner?mailbox-mss-type=PER")[0] == 400
    status, outcome = get(sandbox, "Patient?name=x")
    assert status == 404
    assert outcome["issue"][0]["diagnostics"].startswith("HAPI-0302")
    assert get(sandbox, "Practitioner/003-0000138-238", method="DELETE")[0] == 405
    assert get(sandbox, "_page?id=nothing")[0] == 410


@pytest.mark.parametrize("count", ["%C2%B2", "9" * 5000, "-1", "1.5", ""])
def test_a_count_that_is_no_small_number_is_refused(sandbox: Sandbox, count: str) -> None:
    assert get(sandbox, f"Practitioner?_count={count}")[0] == 400


@pytest.mark.parametrize(
    "page", ["null", '["Patient", [], 0]', '["Practitioner", [1], 0]', '["Practitioner", [], -1]', "[" * 5000]
)
def test_a_page_that_the_directory_did_not_give_is_gone(sandbox: Sandbox, page: str) -> None:
    identifier = base64.urlsafe_b64encode(page.encode()).decode()
    assert get(sandbox, f"_page?id={identifier}")[0] == 410


def test_pages_are_followed_by_their_link(sandbox: Sandbox) -> None:
    seen: list[str] = []
    status, bundle = get(sandbox, "Practitioner?_count=7")
    while True:
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
        following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        if not following:
            break
        status, bundle = get(sandbox, following[0])
        assert status == 200
    assert len(seen) == len(set(seen)) == bundle["total"] == 18


def test_the_client_finds_the_nurse_and_her_mailbox(client: AnnuaireClient) -> None:
    (nurse,) = client.search_professionals(ProfessionalQuery(name="Roussel", given_name="Claire")).items
    assert (nurse.rpps, nurse.family_name, nurse.given_name) == ("99700000138", "ROUSSEL", "CLAIRE")
    assert (nurse.profession_code, nurse.profession) == ("60", "Infirmier")
    (mailbox,) = nurse.all_mailboxes
    assert (mailbox.address, mailbox.kind) == ("claire.roussel@infirmier.mssante.fr", MailboxKind.PERSONAL)
    place = nurse.situations[0].place
    assert place is not None
    assert (place.name, place.commune, place.postal_code) == (
        "CABINET INFIRMIER DES GOEMONS",
        "PORT-AMARRE",
        "99100",
    )


def test_the_client_filters_by_rpps_commune_profession_and_mailbox(client: AnnuaireClient) -> None:
    def names(query: ProfessionalQuery) -> list[str]:
        return [item.given_name for item in client.search_professionals(query).items]

    assert names(ProfessionalQuery(rpps="997 0000 0138")) == ["CLAIRE"]
    assert names(ProfessionalQuery(name="Roussel", commune="port amarre")) == ["CLAIRE"]
    assert names(ProfessionalQuery(name="Roussel", with_mailbox=True)) == ["CLAIRE"]
    assert sorted(names(ProfessionalQuery(profession="10", commune="Rive-sur"))) == ["ANTOINE", "SOLENE"]
    assert sorted(names(ProfessionalQuery(profession="60", commune="Port-Amarre"))) == ["CLAIRE", "LOIC"]
    with pytest.raises(QueryEmpty):
        names(ProfessionalQuery())


def test_the_client_finds_structures_and_checks_mailboxes(client: AnnuaireClient) -> None:
    (hospital,) = client.search_places(PlaceQuery(name="hospitalier")).items
    assert hospital.finess == "990000044"
    assert [(item.address, item.kind, item.description) for item in hospital.mailboxes] == [
        ("coordination@ch-port-amarre.mssante.fr", MailboxKind.ORGANISATIONAL, "Cellule ville-hôpital")
    ]
    assert client.search_places(PlaceQuery(name="cabinet", with_mailbox=True)).items == ()
    assert client.mailbox_exists("claire.roussel@infirmier.mssante.fr")
    assert not client.mailbox_exists("inconnue@infirmier.mssante.fr")


def test_a_limited_search_says_that_others_exist(client: AnnuaireClient) -> None:
    found = client.search_professionals(ProfessionalQuery(name="Roussel"), limit=1)
    assert (len(found.items), found.more) == (1, True)


@pytest.mark.parametrize(
    ("scenario", "error"),
    [
        ("cle-refusee", ApiKeyRefused),
        ("quota-depasse", TooManyRequests),
        ("indisponible", ServiceClosed),
        ("page-html", NotAnAnswer),
    ],
)
def test_each_trouble_has_its_own_explanation(
    sandbox: Sandbox, client: AnnuaireClient, scenario: str, error: type[Exception]
) -> None:
    sandbox.choose("annuaire", scenario)
    with pytest.raises(error):
        client.search_professionals(ProfessionalQuery(name="Roussel"))
