"""A carte Vitale: what is read, who is chosen, what is asked, and whose answer is believed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from amarre.interop.ins import Environment
from amarre.interop.ins.insi import (
    AnswerDoesNotMatch,
    InsiProfile,
    InsiRequest,
    VitaleBeneficiaryNotChosen,
    VitaleCardUnreadable,
    choose,
    parse_answer,
    require_match,
    vitale_card_from_json,
    vitale_query,
    vitale_request,
)
from tests.conftest import FixedClock, SequenceIds
from tests.interop.ins.insi import material

PROFILE = InsiProfile("https://localhost/lps", "IDAM", "amarre", "0.1", "i", "10B0", Environment.SANDBOX)


def content(**changes: Any) -> bytes:
    """Return a card of a mother and her twin children."""
    card: dict[str, Any] = {
        "format": "amarre-vitale-1",
        "ouvrant_droit": {"nir": "2841263220999", "cle": "62"},
        "couverture": {"regime": "01", "organisme": "631", "centre": "0000"},
        "beneficiaires": [
            {
                "nom_naissance": "D'ESSAI",
                "nom_utilise": "DURAND",
                "prenom": "ANNE-SOPHIE",
                "date_naissance": "1984-12-01",
                "rang": "1",
                "nir": "2841263220999",
                "cle": "62",
                "nir_certifie_le": "2020-01-01",
            },
            {"nom_naissance": "DURAND", "prenom": "LEO", "date_naissance": "2015-02-03", "rang": "1"},
            {"nom_naissance": "DURAND", "prenom": "TOM", "date_naissance": "2015-02-03", "rang": "2"},
        ],
    } | changes
    return json.dumps(card).encode()


def test_the_operator_chooses_the_person_present() -> None:
    card = vitale_card_from_json(content())
    assert [person.label for person in card.beneficiaries][0] == "D'ESSAI (DURAND) ANNE-SOPHIE, 01/12/1984"
    with pytest.raises(VitaleBeneficiaryNotChosen) as caught:
        choose(card)
    assert "3 bénéficiaires" in caught.value.explanation().what
    for wrong in (0, 4):
        with pytest.raises(VitaleBeneficiaryNotChosen):
            choose(card, wrong)
    assert choose(card, 3).prenom == "TOM"
    alone = vitale_card_from_json(content(beneficiaires=[{"date_naissance": "2015-02-03", "rang": "1"}]))
    assert choose(alone).rang == "1"
    assert "DURAND" not in repr(card) + repr(card.beneficiaries[0])


def test_the_request_carries_the_card(clock: FixedClock, ids: SequenceIds) -> None:
    card = vitale_card_from_json(content())
    root = etree.fromstring(vitale_request(vitale_query(card, choose(card, 2)), PROFILE, clock, ids).body)
    texts = [(etree.QName(node).localname, node.text) for node in root.iter("{*}*") if not len(node)]
    assert ("Num", "2841263220999") in texts
    assert [text for text in texts if text[0] in ("Rang", "Porteur", "RangNaissance", "DateNai")] == [
        ("DateNai", "2015-02-03"),
        ("Rang", "1"),
        ("Porteur", "0"),
        ("RangNaissance", "1"),
    ]
    assert "MatriculeIndividu" not in {name for name, _ in texts}


@pytest.mark.needs("official")
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_coverage_is_valid_against_the_official_schema(
    rank: int, clock: FixedClock, ids: SequenceIds
) -> None:
    found = sorted(Path(os.environ["AMARRE_OFFICIAL"]).rglob("ROOT_ctxbam_CTXBAM_V01_02.xsd"))
    if not found:
        pytest.skip("the schema is not in the official folder")
    card = vitale_card_from_json(content())
    root = etree.fromstring(vitale_request(vitale_query(card, choose(card, rank)), PROFILE, clock, ids).body)
    block = root.find(".//{urn:siram:bam:ctxbam}ContexteBAM")
    etree.XMLSchema(etree.parse(found[0])).assertValid(etree.fromstring(etree.tostring(block)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[" * 50_000,
        b'"' + b"a" * 70_000 + b'"',
        content(format="autre"),
        content(beneficiaires=[]),
        content(beneficiaires=[1]),
        content(beneficiaires=[{"date_naissance": "2015-02-03", "rang": "1"}] * 20),
        content(beneficiaires=[{"date_naissance": "3/2/2015", "rang": "1"}]),
        content(beneficiaires=[{"date_naissance": "2015-02-03", "rang": "un"}]),
        content(beneficiaires=[{"date_naissance": "2015-02-03", "rang": "1", "nir": "12"}]),
        content(beneficiaires=[{"date_naissance": "2015-02-03", "rang": "1", "prenom": 3}]),
        content(beneficiaires=[{"date_naissance": "2015-02-03", "rang": "1", "nir_certifie_le": "hier"}]),
    ],
)
def test_a_card_that_is_not_one_is_refused(data: bytes) -> None:
    with pytest.raises(VitaleCardUnreadable):
        vitale_card_from_json(data)


@pytest.mark.parametrize(
    ("rank", "answer", "believed"),
    [
        (1, material.found(), True),
        # Another name, but the certified NIR of the card: the same person.
        (1, material.found(nom="AUTREMENT"), True),
        (1, material.found(ins="<NumIdentifiant>2841263220998</NumIdentifiant>", nom="AUTRE"), False),
        (2, material.found(), False),
        (2, material.found(nom="DURAND", date="2015-02-03"), True),
        (2, material.found(nom="DURAND", date="2015-02-04"), False),
    ],
)
def test_whose_answer_is_believed(rank: int, answer: bytes, believed: bool) -> None:
    card = vitale_card_from_json(content())
    query = vitale_query(card, choose(card, rank))
    request = InsiRequest("action", "uuid:1", b"")
    if believed:
        require_match(query, request, parse_answer(answer), PROFILE)
    else:
        with pytest.raises(AnswerDoesNotMatch):
            require_match(query, request, parse_answer(answer), PROFILE)
