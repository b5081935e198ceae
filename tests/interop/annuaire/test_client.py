"""The directory's client over scripted answers: odd shapes, truncated bodies, foreign pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amarre.interop.annuaire import MailboxKind, PlaceQuery, ProfessionalQuery
from amarre.interop.annuaire.errors import (
    AnnuaireError,
    ApiKeyRefused,
    ForeignPage,
    NotAnAnswer,
    QueryEmpty,
    QueryRefused,
    ResourceGone,
    ServiceClosed,
    TooManyRequests,
)
from amarre.interop.annuaire.query import places_url, professionals_url
from amarre.interop.clients.annuaire import AnnuaireClient, AnnuaireProfile
from amarre.interop.transport.http import DEFAULT_DEADLINES, Deadlines, HttpRequest, HttpResponse

BASE = "https://annuaire.example/fhir/v2"


class Scripted:
    """Gives prepared answers, and keeps what was asked."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        self.answers = list(answers)
        self.asked: list[HttpRequest] = []

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        self.asked.append(request)
        status, body = self.answers.pop(0)
        return HttpResponse(status, {}, body)


def bundle(*resources: Any, following: str = "") -> tuple[int, bytes]:
    links = [{"relation": "next", "url": following}] if following else []
    entries = [{"resource": item} for item in resources]
    return 200, json.dumps({"resourceType": "Bundle", "entry": entries, "link": links}).encode()


def client(*answers: tuple[int, bytes]) -> tuple[AnnuaireClient, Scripted]:
    transport = Scripted(*answers)
    return AnnuaireClient(transport, AnnuaireProfile(BASE, "secret")), transport


def test_the_key_goes_in_the_header_and_never_in_the_address() -> None:
    annuaire, transport = client(bundle())
    annuaire.search_places(PlaceQuery(name="Tilleuls"))
    (request,) = transport.asked
    assert request.headers["ESANTE-API-KEY"] == "secret"
    assert "secret" not in request.url
    assert request.url == f"{BASE}/Organization?name:contains=Tilleuls&_count=50"


def test_addresses_are_escaped() -> None:
    url = professionals_url(BASE, ProfessionalQuery(name="D'Arc & fils", profession="60"))
    assert "family=D%27Arc%20%26%20fils" in url
    assert "ProfessionSante%7C60" in url
    with pytest.raises(QueryEmpty):
        places_url(BASE, PlaceQuery(name="  "))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, ApiKeyRefused),
        (403, ApiKeyRefused),
        (400, QueryRefused),
        (404, QueryRefused),
        (412, QueryRefused),
        (410, ResourceGone),
        (429, TooManyRequests),
        (500, ServiceClosed),
        (503, ServiceClosed),
    ],
)
def test_each_status_has_its_error(status: int, error: type[AnnuaireError]) -> None:
    outcome = json.dumps({"resourceType": "OperationOutcome", "issue": [{"diagnostics": "HAPI-0302: no"}]})
    annuaire, _ = client((status, outcome.encode()))
    with pytest.raises(error) as raised:
        annuaire.search_places(PlaceQuery(name="x"))
    assert raised.value.remote_text == "HAPI-0302: no"
    assert "HAPI" not in str(raised.value)
    assert raised.value.explanation().what


@pytest.mark.parametrize(
    "body",
    [
        b"<html>proxy</html>",
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"resourceType":"Patient"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_not_a_bundle_is_explained(body: bytes) -> None:
    annuaire, _ = client((200, body))
    with pytest.raises(NotAnAnswer):
        annuaire.search_places(PlaceQuery(name="x"))


@pytest.mark.parametrize(
    "url",
    ["https://ailleurs.example/fhir/v2/_page?id=1", "http://annuaire.example/fhir/v2/_page?id=1",
     "https://annuaire.example:444/_page", "//ailleurs.example/", "/fhir/v2/_page?id=1"],
)  # fmt: skip
def test_the_key_never_follows_a_link_to_another_machine(url: str) -> None:
    place = {"resourceType": "Organization", "id": "1", "name": "A"}
    annuaire, transport = client(bundle(place, following=url))
    with pytest.raises(ForeignPage):
        annuaire.search_places(PlaceQuery(name="A"))
    assert len(transport.asked) == 1


def test_pages_are_followed_until_the_limit() -> None:
    pages = [
        bundle(
            {"resourceType": "Organization", "id": str(n), "name": f"P{n}"}, following=f"{BASE}/_page?id={n}"
        )
        for n in range(20)
    ]
    annuaire, transport = client(*pages)
    found = annuaire.search_places(PlaceQuery(name="P"), limit=3)
    assert [item.name for item in found.items] == ["P0", "P1", "P2"]
    assert found.more
    assert len(transport.asked) == 3
    endless, transport = client(*pages)
    assert endless.search_places(PlaceQuery(name="P"), limit=50).more
    assert len(transport.asked) == 10


def test_odd_entries_are_left_out_and_missing_fields_are_empty() -> None:
    odd: list[Any] = [
        {"resourceType": "Practitioner", "id": "1"},
        {"resourceType": "Practitioner", "id": "2", "name": "MARTIN", "telecom": {}, "identifier": [None, 3]},
        {
            "resourceType": "Practitioner",
            "id": "3",
            "name": [{"family": 5, "given": "x"}],
            "qualification": "no",
        },
        {"resourceType": "Practitioner", "id": "4", "active": False},
        "nothing",
        {"resourceType": "Practitioner"},
        {"resourceType": "PractitionerRole", "id": "9", "practitioner": "Practitioner/1"},
    ]
    annuaire, _ = client(bundle(*odd))
    found = annuaire.search_professionals(ProfessionalQuery(name="x"))
    assert [item.source_id for item in found.items] == ["1", "2", "3"]
    assert found.skipped == 2
    assert all(item.all_mailboxes == () and item.profession == "" for item in found.items)


def test_ordinary_addresses_are_not_mailboxes() -> None:
    def telecom(value: str, code: str | None, kind: str = "ORG") -> dict[str, Any]:
        extensions: list[dict[str, Any]] = []
        if code is not None:
            extensions.append(
                {
                    "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type",
                    "valueCoding": {"code": code},
                }
            )
            details = [{"url": "type", "valueCodeableConcept": {"coding": [{"system": "x", "code": kind}]}}]
            extensions.append(
                {
                    "url": "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/"
                    "as-ext-mailbox-mss-metadata",
                    "extension": details,
                }
            )
        return {"system": "email", "value": value, "extension": extensions}

    place = {
        "resourceType": "Organization",
        "id": "1",
        "name": "A",
        "telecom": [
            telecom("contact@example.fr", None),
            telecom("autre@example.fr", "AUTRE"),
            telecom("soins@a.mssante.fr", "MSSANTE"),
            telecom("SOINS@a.mssante.fr", "MSSANTE"),
            telecom("neuve@a.mssante.fr", "MSSANTE", "NEW"),
            {"system": "phone", "value": "0100000000"},
        ],
        "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1990000002"}],
    }
    annuaire, _ = client(bundle(place))
    (found,) = annuaire.search_places(PlaceQuery(name="A")).items
    assert [(item.address, item.kind) for item in found.mailboxes] == [
        ("soins@a.mssante.fr", MailboxKind.ORGANISATIONAL),
        ("neuve@a.mssante.fr", MailboxKind.OTHER),
    ]
    assert found.finess == "990000002"


def test_older_rpps_systems_are_read() -> None:
    people = [
        {"resourceType": "Practitioner", "id": str(n), "identifier": [{"system": system, "value": value}]}
        for n, (system, value) in enumerate(
            [("http://rpps.fr", "99700990015"), ("urn:oid:1.2.250.1.71.4.2.1", "899700990015"), ("x", "1")]
        )
    ]
    annuaire, _ = client(bundle(*people))
    found = annuaire.search_professionals(ProfessionalQuery(name="x"))
    assert [item.rpps for item in found.items] == ["99700990015", "99700990015", ""]
