"""Any bytes are explained in French, and what was believed is what `parse_answer` believes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amarre.interop.ins.insi.explain import DiagnosisKind, diagnose
from tests.interop.ins.insi import material

REQUEST = material.envelope('<r:RECSANSVITALE xmlns:r="http://www.cnamts.fr/INSiRecSans"/>')
LATIN = material.found().replace(b"ANNE-SOPHIE", b"ANNE-SOPHIE \xc9")


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (material.found(), DiagnosisKind.ANSWER, "a trouvé une identité"),
        (material.empty("01"), DiagnosisKind.ANSWER, "personne"),
        (material.empty("02"), DiagnosisKind.ANSWER, "plusieurs"),
        (material.gateway_fault("desir_550", "siram_100"), DiagnosisKind.FAULT, "numéro d'autorisation"),
        (material.application_fault("insi_102", "siram_40"), DiagnosisKind.FAULT, "ne veut pas dire"),
        (material.application_fault("insi_99", "siram_10"), DiagnosisKind.FAULT, "insi_99"),
        (material.envelope("<soap:Fault/>"), DiagnosisKind.FAULT, "anomalie inconnue"),
        (REQUEST, DiagnosisKind.REQUEST, "pas sa réponse"),
        (b"<!DOCTYPE html><html><body>Portail</body></html>", DiagnosisKind.WEB_PAGE, "page web"),
        (LATIN, DiagnosisKind.CHARSET, "Lue autrement"),
        (material.found()[:-30], DiagnosisKind.TRUNCATED, "coupée"),
        (material.found()[:200], DiagnosisKind.TRUNCATED, "coupée"),
        (b"", DiagnosisKind.EMPTY, "vide"),
        (b"  \n", DiagnosisKind.EMPTY, "vide"),
        (b'<!DOCTYPE a SYSTEM "x"><a/>', DiagnosisKind.HOSTILE, "interdite"),
        (b"<a" + b" " * 300_000 + b"/>", DiagnosisKind.HOSTILE, "volumineux"),
        (b"Service temporairement indisponible.", DiagnosisKind.UNREADABLE, "lisible"),
        (b"<a></b>", DiagnosisKind.UNREADABLE, "lisible"),
        (b"<a/>", DiagnosisKind.INVALID, "enveloppe"),
        (material.found(nom="D\u200bUPONT"), DiagnosisKind.INVALID, "U+200B"),
    ],
)
def test_what_it_is_and_what_it_means(data: bytes, kind: DiagnosisKind, words: str) -> None:
    found = diagnose(data)
    assert found.kind is kind
    assert words in found.meaning
    assert found.advice
    assert (found.answer is not None) is (kind in (DiagnosisKind.ANSWER, DiagnosisKind.CHARSET))


@pytest.mark.parametrize(
    ("data", "dialect", "code"),
    [
        (material.gateway_fault("desir_1020", "siram_40"), "passerelle", "desir_1020"),
        (material.application_fault("insi_111", "siram_40"), "application", "insi_111"),
        (material.envelope("<soap:Fault/>"), "inconnu", ""),
    ],
)
def test_both_dialects_are_told_apart(data: bytes, dialect: str, code: str) -> None:
    found = diagnose(data)
    assert (found.dialect, found.detail.code if found.detail else None) == (dialect, code)


def test_a_saved_exchange_with_its_header() -> None:
    head = b"HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/soap+xml\r\n\r\n"
    found = diagnose(head + material.gateway_fault("desir_550", "siram_100"))
    assert (found.kind, found.http_status) == (DiagnosisKind.FAULT, 500)
    odd = diagnose(head + material.found())
    assert "contredit" in odd.remarks[-1]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.integers(0, 700).map(lambda n: material.found()[:n])))
def test_it_never_raises(data: bytes) -> None:
    found = diagnose(data)
    assert found.meaning.endswith((".", ")", "?"))
