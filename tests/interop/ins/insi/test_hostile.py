"""Hostile and broken answers: refused by a typed error, within limits of time, and never half believed."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amarre.interop.common.errors import AmarreError
from amarre.interop.common.soap import EmptyAnswer, HtmlInsteadOfSoap, NotAnEnvelope
from amarre.interop.common.xml import XmlError, XmlForbidden, XmlNotWellFormed, XmlTooLarge
from amarre.interop.ins.insi import AnswerInvalid, InsiError, parse_answer
from tests.interop.ins.insi import material

BILLION = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
)
ENVELOPE = f'<s:Envelope xmlns:s="{material.SOAP}">'.encode()


def inside(old: str, new: str, answer: bytes | None = None) -> bytes:
    """Return a good answer in which a piece was replaced."""
    text = (answer or material.found()).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def attributes(count: int) -> bytes:
    """Return an envelope with that many attributes on one element."""
    return ENVELOPE + b"<s:Body " + b" ".join(b'a%d=""' % i for i in range(count)) + b"/></s:Envelope>"


def flood(elements: int, each: int) -> bytes:
    """Return an envelope with many elements of many attributes."""
    node = b"<x " + b" ".join(b'a%d=""' % i for i in range(each)) + b"/>"
    return ENVELOPE + b"<s:Body>" + node * elements + b"</s:Body></s:Envelope>"


def deep(levels: int) -> bytes:
    """Return an envelope of that depth."""
    return ENVELOPE + b"<s:Body>" + b"<a>" * levels + b"</a>" * levels + b"</s:Body></s:Envelope>"


HOSTILE: tuple[tuple[str, Callable[[], bytes], type[AmarreError]], ...] = (
    ("doctype", lambda: b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', XmlForbidden),
    ("expansion", lambda: BILLION + material.found()[38:], XmlForbidden),
    ("entity in utf-16", lambda: "<!DOCTYPE a><a/>".encode("utf-16"), XmlNotWellFormed),
    ("utf-16 declared", lambda: b'<?xml version="1.0" encoding="utf-16"?><a/>', XmlForbidden),
    ("200 000 attributes", lambda: attributes(200_000), XmlTooLarge),
    ("attributes under the size", lambda: attributes(20_000), XmlForbidden),
    ("attribute flood", lambda: flood(1_000, 20), AnswerInvalid),
    ("element flood", lambda: flood(3_000, 1), XmlForbidden),
    ("depth", lambda: deep(500), XmlForbidden),
    ("size", lambda: material.found(prenoms="A" * 300_000), XmlTooLarge),
    ("empty", lambda: b"", EmptyAnswer),
    ("html", lambda: b"<html><body>Portail</body></html>", HtmlInsteadOfSoap),
    ("another vocabulary", lambda: b"<a/>", NotAnEnvelope),
    ("truncated", lambda: material.found()[:-40], XmlNotWellFormed),
    (
        "latin-1 said utf-8",
        lambda: material.found(nom="PELE").replace(b"PELE", b"P\xc9L\xc9"),
        XmlNotWellFormed,
    ),
    ("nul bytes", lambda: b"\x00" * 100, XmlNotWellFormed),
)


@pytest.mark.parametrize(("name", "make", "error"), HOSTILE, ids=[item[0] for item in HOSTILE])
def test_refused_within_limits(name: str, make: Callable[[], bytes], error: type[AmarreError]) -> None:
    data = make()
    start = time.process_time()
    with pytest.raises(error):
        parse_answer(data)
    assert time.process_time() - start < 1.0


INDIVIDU = material.found().decode().split("<INDIVIDU>")[1].split("</INDIVIDU>")[0]
TIQ = INDIVIDU[INDIVIDU.index("<TIQ>") :]
ACTIVE = INDIVIDU[: INDIVIDU.index("<TIQ>")]
AMBIGUOUS: tuple[tuple[str, bytes], ...] = (
    ("two INDIVIDU", inside("</INDIVIDU>", f"</INDIVIDU><INDIVIDU>{INDIVIDU}</INDIVIDU>")),
    ("two INSACTIF", inside("</INSACTIF>", f"</INSACTIF>{ACTIVE}")),
    ("two TIQ", inside("</TIQ>", f"</TIQ>{TIQ}")),
    ("two CR", inside("</CR>", "</CR><CR><CodeCR>01</CodeCR><LibelleCR>x</LibelleCR></CR>")),
    ("two codes", inside("<CodeCR>00</CodeCR>", "<CodeCR>01</CodeCR><CodeCR>00</CodeCR>")),
    ("two birth names", inside("<TIQ>", "<TIQ><NomNaissance>AUTRE</NomNaissance>")),
    ("two dates", inside("</TIQ>", "<DateNaissance>1999-01-01</DateNaissance></TIQ>")),
    ("two matricules", inside("<Cle>", "<NumIdentifiant>1841263220999</NumIdentifiant><Cle>")),
    ("two OID", inside("<OID>", "<OID>1.2.250.1.213.1.4.9</OID><OID>")),
    ("two identifiers", inside("<OID>", "<IdIndividu/><OID>")),
    ("two contents of the body", inside("</RESULTAT>", f'</RESULTAT><RESULTAT xmlns="{material.RESULT}"/>')),
    ("two bodies", inside("</soap:Envelope>", "<soap:Body><a/></soap:Body></soap:Envelope>")),
    ("name in another namespace", inside("<NomNaissance>", '<NomNaissance xmlns="urn:x">')),
    ("a second name in another namespace", inside("<TIQ>", '<TIQ><NomNaissance xmlns="">X</NomNaissance>')),
    ("TIQ in no namespace", inside("<TIQ>", '<TIQ xmlns="">')),
    ("result in another namespace", material.found().replace(material.RESULT.encode(), b"urn:autre")),
    (
        "identity without an identifier",
        inside("<IdIndividu>", "<Autre>").replace(b"</IdIndividu>", b"</Autre>"),
    ),
    ("found without anybody", material.empty("00", "OK")),
    ("nobody found, with somebody", inside("<CodeCR>00", "<CodeCR>01")),
    ("unknown code", material.empty("03")),
    ("name of 101 letters", material.found(nom="A" * 101)),
    ("invisible character", material.found(nom="D\u200bUPONT")),
    ("cyrillic letter", material.found(nom="D\u0415NIS")),
    ("right-to-left mark", material.found(prenoms="ANNE\u202e LOUISE")),
    ("full-width letters", material.found(nom="\uff24UPONT")),
    ("hidden in the place", material.found(lieu="<LieuNaissance>63\u200b220</LieuNaissance>")),
    ("billing NIR", material.found(oid="1.2.250.1.213.1.4.13")),
    ("matricule of letters", material.found(ins="<NumIdentifiant>28412632209AB</NumIdentifiant>")),
)


@pytest.mark.parametrize(("name", "data"), AMBIGUOUS, ids=[item[0] for item in AMBIGUOUS])
def test_an_answer_that_can_be_read_two_ways_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(AnswerInvalid):
        parse_answer(data)


def test_the_error_says_which_character_is_hidden() -> None:
    with pytest.raises(AnswerInvalid) as caught:
        parse_answer(material.found(nom="D\u200bUPONT"))
    assert "U+200B" in caught.value.explanation().what


def test_names_outside_the_writing_rules_are_kept_and_remarked() -> None:
    individual = parse_answer(material.found(nom="D'Essai")).individual
    assert individual is not None
    assert individual.traits.nom_naissance == "D'Essai"
    assert [item.code for item in individual.warnings] == ["ecriture_alphabet"]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(material.found()) - 1), st.binary(min_size=0, max_size=6))
def test_damaged_bytes_never_give_another_error(position: int, noise: bytes) -> None:
    good = material.found()
    try:
        parse_answer(good[:position] + noise + good[position + len(noise) :])
    except (InsiError, XmlError, NotAnEnvelope, EmptyAnswer, HtmlInsteadOfSoap):
        return
