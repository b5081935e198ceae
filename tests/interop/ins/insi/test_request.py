"""Requests of INSi, judged by hand-written expectations and, when present, by the official schemas."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from amarre.interop.ins import BirthDate, Environment, Sexe, TraitsRefused
from amarre.interop.ins.insi import (
    ACTION_TRAITS,
    InsiProfile,
    TraitsQuery,
    VitaleQuery,
    traits_request,
    vitale_request,
)
from tests.conftest import FixedClock, SequenceIds

PROFILE = InsiProfile(
    endpoint="https://localhost/lps",
    idam="AUTORISATIONCNDA",
    software_name="mondui",
    software_version="1.0",
    instance="0f3f2c38-52f5-4a8b-8f0b-6b2f4d5a7e33",
    emetteur="10B0999999",
    environment=Environment.SANDBOX,
)
QUERY = TraitsQuery("D'ESSAI", "ANNE-SOPHIE", Sexe.F, BirthDate("1984-12-01"), "63220")
CARD = VitaleQuery("2841263220999", "62", "1841263220999", "10", "D'ESSAI", "1984-12-01", "1")
NS = {
    "soap": "http://www.w3.org/2003/05/soap-envelope",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "bam": "urn:siram:bam:ctxbam",
    "lps": "urn:siram:lps:ctxlps",
    "rs": "http://www.cnamts.fr/INSiRecSans",
    "rv": "http://www.cnamts.fr/INSiRecVit",
    "wsse": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
}


def test_request_by_traits(clock: FixedClock, ids: SequenceIds) -> None:
    request = traits_request(QUERY, PROFILE, clock, ids)
    root = etree.fromstring(request.body)

    def one(path: str) -> str:
        return str(root.xpath(f"string({path})", namespaces=NS))

    assert one("soap:Header/wsa:Action") == ACTION_TRAITS == request.action
    assert one("soap:Header/wsa:MessageID") == request.message_id
    assert request.message_id.startswith("uuid:")
    assert one("soap:Header/bam:ContexteBAM/@Version") == "01_02"
    assert one("soap:Header/bam:ContexteBAM/bam:Temps") == "2026-11-20T09:30:00.000Z"
    assert root.xpath("count(soap:Header/bam:ContexteBAM/bam:COUVERTURE[not(*)])", namespaces=NS) == 1
    assert one("soap:Header/lps:ContexteLPS/@Version") == "01_00"
    assert one("soap:Header/lps:ContexteLPS/lps:LPS/lps:IDAM[@R='4']") == "AUTORISATIONCNDA"
    assert one("soap:Header/lps:ContexteLPS/lps:LPS/lps:Nom") == "urn:lps:mondui:1.0"
    assert one("soap:Header/lps:ContexteLPS/lps:Emetteur") == one("soap:Header/bam:ContexteBAM/bam:Emetteur")
    body = root.find("soap:Body/rs:RECSANSVITALE", NS)
    assert body is not None
    assert [(etree.QName(child).localname, child.text) for child in body] == [
        ("NomNaissance", "D'ESSAI"),
        ("Prenom", "ANNE-SOPHIE"),
        ("Sexe", "F"),
        ("DateNaissance", "1984-12-01"),
        ("LieuNaissance", "63220"),
    ]
    assert root.find("soap:Header/wsse:Security", NS) is None
    assert "ESSAI" not in repr(request)


def test_every_identifier_is_new_at_each_call(clock: FixedClock, ids: SequenceIds) -> None:
    bodies = [traits_request(QUERY, PROFILE, clock, ids).body for _ in range(2)]
    found = [
        [str(node.text) for node in etree.fromstring(body).iter("{*}Id", "{*}MessageID")] for body in bodies
    ]
    assert len(set(found[0] + found[1])) == 6


@pytest.mark.req("issue 3: lexically wrong traits are refused before any call, with the rule")
@pytest.mark.parametrize(
    ("query", "rule"),
    [
        (TraitsQuery("", "ANNE", Sexe.F, BirthDate("1984-12-01")), "obligatoire"),
        (TraitsQuery("D' ESSAI", "ANNE", Sexe.F, BirthDate("1984-12-01")), "apostrophe_espace"),
        (TraitsQuery("ESSAI", "ER--IC", Sexe.F, BirthDate("1984-12-01")), "tiret_double"),
        (TraitsQuery("ESSAI", "ANNE", Sexe.INDETERMINE, BirthDate("1984-12-01")), "sexe"),
        (TraitsQuery("ESSAI", "ANNE", Sexe.F, BirthDate("1984-00-00")), "calendrier"),
        (TraitsQuery("ESSAI", "ANNE", Sexe.F, BirthDate("1984-12-01"), "632"), "cog"),
    ],
)
def test_wrong_traits_build_nothing(
    query: TraitsQuery, rule: str, clock: FixedClock, ids: SequenceIds
) -> None:
    with pytest.raises(TraitsRefused) as caught:
        traits_request(query, PROFILE, clock, ids)
    assert rule in [problem.rule for problem in caught.value.problems]


def test_request_by_card(clock: FixedClock, ids: SequenceIds) -> None:
    root = etree.fromstring(vitale_request(CARD, PROFILE, clock, ids).body)
    body = root.find("soap:Body/rv:RECVITALE", NS)
    assert body is not None
    assert [etree.QName(child).localname for child in body] == [
        "MatriculeIndividu",
        "MatriculeOD",
        "NomNaissance",
        "DateNaissance",
        "RangNaissance",
    ]


def _schema(name: str) -> etree.XMLSchema:
    """Return an official schema, found by its file name anywhere under $AMARRE_OFFICIAL."""
    found = sorted(Path(os.environ["AMARRE_OFFICIAL"]).rglob(name))
    if not found:
        pytest.skip(f"{name} is not in the official folder")
    return etree.XMLSchema(etree.parse(found[0]))


@pytest.mark.needs("official")
@pytest.mark.parametrize(
    ("element", "file"),
    [
        ("{urn:siram:bam:ctxbam}ContexteBAM", "ROOT_ctxbam_CTXBAM_V01_02.xsd"),
        ("{urn:siram:lps:ctxlps}ContexteLPS", "ROOT_ctxlps_CTXLPS_V01_00.xsd"),
        ("{http://www.cnamts.fr/INSiRecSans}RECSANSVITALE", "INSi_RECSANS_INS.xsd"),
        ("{http://www.cnamts.fr/INSiRecVit}RECVITALE", "INSi_RECVITALE_INS.xsd"),
    ],
)
def test_requests_are_valid_against_the_official_schemas(
    element: str, file: str, clock: FixedClock, ids: SequenceIds
) -> None:
    schema = _schema(file)
    judged = 0
    for request in (traits_request(QUERY, PROFILE, clock, ids), vitale_request(CARD, PROFILE, clock, ids)):
        for node in etree.fromstring(request.body).iter(element):
            schema.assertValid(etree.fromstring(etree.tostring(node)))
            judged += 1
    assert judged
