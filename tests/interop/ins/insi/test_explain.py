"""Any bytes are explained in French, and what was believed is what `parse_answer` believes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amarre.interop.common.errors import AmarreError
from amarre.interop.ins.insi.answer import parse_answer
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
        (b"<a/>", DiagnosisKind.INVALID, "service attendu"),
        (material.found(nom="D\u200bUPONT"), DiagnosisKind.INVALID, "U+200B"),
    ],
)
def test_what_it_is_and_what_it_means(data: bytes, kind: DiagnosisKind, words: str) -> None:
    found = diagnose(data)
    assert found.kind is kind
    assert words in found.meaning
    assert found.advice
    assert (found.answer is not None) is (kind in (DiagnosisKind.ANSWER, DiagnosisKind.CHARSET))


FAULT = material.application_fault("insi_102", "siram_40")
ANSWER = material.found()
WRAPPED = {
    "a blank line first": (b"\xef\xbb\xbf\r\n" + ANSWER, ""),
    "a log": (b"2026-11-20 INFO reponse :\n" + ANSWER + b"\nfin\n", "autre chose"),
    "what follows": (ANSWER + b":une_heure:: 7/8", "autre chose"),
    "a multipart body": (b"--u\r\nContent-Type: text/xml\r\n\r\n" + ANSWER + b"\r\n--u--", "autre chose"),
    "two answers": (ANSWER + ANSWER, "2 réponses"),
    "JSON": (b'{"xml": "' + ANSWER.replace(b'"', b'\\"') + b'"}', "JSON"),
    "HTML": (b"<pre>" + ANSWER.replace(b"<", b"&lt;").replace(b">", b"&gt;") + b"</pre>", "HTML"),
    "UTF-16": (ANSWER.decode().encode("utf-16"), "UTF-16"),
    "no envelope": (ANSWER[ANSWER.index(b"<RESULTAT") : ANSWER.index(b"</env:Body>")], "enveloppe"),
    "a fault alone": (FAULT[FAULT.index(b"<S:Fault") : FAULT.index(b"</S:Body>")], "enveloppe"),
}


@pytest.mark.req("issue 3: explain decodes any INSi answer or fault")
@pytest.mark.parametrize("name", WRAPPED)
def test_an_answer_saved_among_other_things_is_found(name: str) -> None:
    data, remark = WRAPPED[name]
    found = diagnose(data)
    expected = DiagnosisKind.FAULT if "fault" in name else DiagnosisKind.ANSWER
    assert found.kind is expected
    assert any(remark in one for one in found.remarks) or not remark
    if remark:
        # Found to be explained, never believed by the client.
        with pytest.raises(AmarreError):
            parse_answer(data)


def _former(number: str, key: str, dates: str = "") -> str:
    identifier = f"<IdIndividu><NumIdentifiant>{number}</NumIdentifiant><Cle>{key}</Cle></IdIndividu>"
    return f"<INSHISTO>{identifier}<OID>1.2.250.1.213.1.4.8</OID>{dates}</INSHISTO>"


def test_what_is_odd_in_a_history_is_remarked() -> None:
    """CNDA tests 2.08 (the active INS again) and 2.04 (an end before its start)."""
    active = parse_answer(ANSWER).individual
    assert active is not None
    again = _former(active.ins.matricule.base, active.ins.matricule.key)
    inverted = _former("2841263220998", "63", "<DateDeb>2019-03-01</DateDeb><DateFin>2019-02-28</DateFin>")
    (repeated,) = diagnose(material.found(history=again)).remarks
    assert "répète l'INS active" in repeated
    (dates,) = diagnose(material.found(history=inverted)).remarks
    assert "avant de commencer" in dates
    assert diagnose(material.found(history=_former("2841263220998", "63"))).remarks == ()


def test_a_key_glued_to_its_number_is_a_warning() -> None:
    glued = "<NumIdentifiant>284126322099962</NumIdentifiant><Cle>13</Cle>"
    found = diagnose(material.found(ins=glued))
    assert found.answer is not None
    assert found.answer.individual is not None
    assert found.answer.individual.ins.matricule.value == "284126322099962"
    assert "15 caractères" in found.remarks[0]


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


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([ANSWER, FAULT]),
    st.binary(max_size=60),
    st.binary(max_size=60),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_whatever_is_around_nothing_breaks(data: bytes, before: bytes, after: bytes, charset: str) -> None:
    found = diagnose(before + data.decode().encode(charset) + after)
    assert found.meaning
    assert found.advice
