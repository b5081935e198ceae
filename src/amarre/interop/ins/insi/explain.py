"""What an INSi answer means, in French, whatever the bytes: answer, fault, web page, wrong charset,
truncation.

A diagnosis never raises: it is for a person who holds a file and wants to know what happened and what to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from lxml import etree

from amarre.interop.common.errors import AmarreError
from amarre.interop.common.soap import HtmlInsteadOfSoap, SoapError, SoapFault, fault_of, read_envelope
from amarre.interop.common.xml import XmlError, XmlForbidden, XmlTooLarge, parse_foreign
from amarre.interop.ins.insi.answer import MAX_BYTES, FaultDetail, fault_detail, parse_answer
from amarre.interop.ins.insi.codes import RECSANS, RECVIT, ResultCode
from amarre.interop.ins.insi.dialogue import NOT_FOUND_ADVICE, SEVERAL_ADVICE
from amarre.interop.ins.insi.errors import InsiError
from amarre.interop.ins.insi.model import Individual, InsiAnswer
from amarre.interop.ins.insi.unwrap import unwrap

SENTENCES = {
    ResultCode.FOUND: "INSi a trouvé une identité.",
    ResultCode.NOT_FOUND: "INSi n'a trouvé personne avec ces traits.",
    ResultCode.SEVERAL: "INSi a trouvé plusieurs identités et n'en montre aucune.",
}
FOUND_ADVICE: tuple[str, ...] = (
    "Comparez les traits reçus avec ceux du dossier et du document d'identité.",
    "Acceptez l'identité seulement si c'est bien la personne : les traits de l'INS remplaceront ceux"
    " du dossier.",
)
ADVICE: dict[ResultCode, tuple[str, ...]] = {
    ResultCode.FOUND: FOUND_ADVICE,
    ResultCode.NOT_FOUND: NOT_FOUND_ADVICE,
    ResultCode.SEVERAL: SEVERAL_ADVICE,
}
_HTTP = re.compile(rb"HTTP/[0-9.]+ ([0-9]{3})[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n")
_AS_WINDOWS = b'<?xml version="1.0" encoding="windows-1252"?>'
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")


class DiagnosisKind(StrEnum):
    """What the bytes are."""

    ANSWER = "reponse"
    FAULT = "anomalie"
    REQUEST = "demande"
    WEB_PAGE = "page_web"
    CHARSET = "encodage"
    TRUNCATED = "tronquee"
    EMPTY = "vide"
    HOSTILE = "interdite"
    INVALID = "invalide"
    UNREADABLE = "illisible"


_SEARCHED = frozenset({DiagnosisKind.UNREADABLE, DiagnosisKind.INVALID, DiagnosisKind.TRUNCATED})
_BELIEVED = frozenset({DiagnosisKind.ANSWER, DiagnosisKind.FAULT, DiagnosisKind.REQUEST})


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the bytes are, what it means and what to do. `answer` when INSi answered; `detail` of a fault.

    `remarks` say what was odd without changing the meaning; `http_status` is 0 when the file holds no header.
    """

    kind: DiagnosisKind
    meaning: str
    advice: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    answer: InsiAnswer | None = None
    error: AmarreError | None = None
    detail: FaultDetail | None = None
    dialect: str = ""
    http_status: int = 0


def diagnose(data: bytes) -> Diagnosis:
    """Say what an answer of INSi means. Never raises."""
    status, body = _without_http(data)
    found = _diagnose(body)
    if found.kind in _SEARCHED:
        found = _inside(body) or found
    if status:
        found = replace(found, http_status=status)
    if status >= 300 and found.kind is DiagnosisKind.ANSWER:
        found = replace(found, remarks=(*found.remarks, f"Le code HTTP {status} contredit cette réponse."))
    return found


def _inside(data: bytes) -> Diagnosis | None:
    """Explain the answer that stands among other things, None when there is none."""
    inner = unwrap(data)
    found = None if inner is None else _diagnose(inner.data)
    if inner is None or found is None or found.kind not in _BELIEVED:
        return None
    warning = "Amarre ne lit une réponse que seule et entière : elle n'est lue ici que pour l'expliquer."
    return replace(found, remarks=(*inner.remarks, warning, *found.remarks))


def _without_http(data: bytes) -> tuple[int, bytes]:
    """Separate the HTTP header when a whole exchange was saved; return its status (0: none) and the body."""
    match = _HTTP.match(data[:65_536])
    return (int(match[1]), data[match.end() :]) if match else (0, data)


def _diagnose(data: bytes) -> Diagnosis:
    try:
        answer = parse_answer(data)
    except InsiError as error:
        return _fault_or_invalid(data, error)
    except HtmlInsteadOfSoap as error:
        return _from_error(DiagnosisKind.WEB_PAGE, error)
    except (XmlForbidden, XmlTooLarge) as error:
        return _from_error(DiagnosisKind.HOSTILE, error)
    except SoapError as error:
        kind = DiagnosisKind.INVALID if data.strip() else DiagnosisKind.EMPTY
        return _from_error(kind, error)
    except XmlError as error:
        return _unreadable(data, error)
    remarks = _remarks(answer.individual) if answer.individual else ()
    return Diagnosis(
        DiagnosisKind.ANSWER, SENTENCES[answer.code], ADVICE[answer.code], remarks, answer=answer
    )


def _remarks(individual: Individual) -> tuple[str, ...]:
    """Return what is odd in an identity found: its warnings, then its history, as met in official answers."""
    found = [item.sentence for item in individual.warnings]
    if any(former.ins == individual.ins for former in individual.former):
        found.append("L'historique répète l'INS active : elle n'est pas comptée comme une ancienne INS.")
    if any(former.start and former.end and former.end < former.start for former in individual.former):
        found.append("Une ancienne INS finit avant de commencer : ses dates sont gardées telles que reçues.")
    return tuple(found)


def _from_error(kind: DiagnosisKind, error: AmarreError, remarks: tuple[str, ...] = ()) -> Diagnosis:
    explanation = error.explanation()
    return Diagnosis(kind, explanation.what, (explanation.advice,), remarks, error=error)


def _fault_or_invalid(data: bytes, error: InsiError) -> Diagnosis:
    """Tell a fault of INSi from an answer that cannot be believed, and from a request saved by mistake."""
    envelope = read_envelope(data)
    if etree.QName(envelope.payload).namespace in (RECSANS, RECVIT):
        meaning = "Ce fichier est une demande à INSi, pas sa réponse."
        return Diagnosis(DiagnosisKind.REQUEST, meaning, ("Donnez le fichier de la réponse.",))
    fault = fault_of(envelope)
    if fault is None:
        return _from_error(DiagnosisKind.INVALID, error)
    detail = fault_detail(fault)
    found = _from_error(DiagnosisKind.FAULT, error, _fault_remarks(fault, detail))
    return replace(found, detail=detail, dialect=_dialect(fault, detail))


def _dialect(fault: SoapFault, detail: FaultDetail) -> str:
    """Tell who wrote a fault: the gateway (DESIR) or the application (INSi). Prefixes mean nothing."""
    if detail.code.startswith("desir_"):
        return "passerelle"
    return "application" if detail.code.startswith("insi_") or fault.code == "Receiver" else "inconnu"


def _fault_remarks(fault: SoapFault, detail: FaultDetail) -> tuple[str, ...]:
    remarks = []
    if fault.reason:
        remarks.append(f"Texte du service : {fault.reason}")
    if detail.text and detail.text != fault.reason:
        remarks.append(f"Détail technique : {detail.text}")
    if not detail.code:
        remarks.append(
            "L'anomalie ne porte pas de code INSi : elle vient peut-être d'un équipement du réseau."
        )
    return tuple(remarks)


def _unreadable(data: bytes, error: XmlError) -> Diagnosis:
    """Explain bytes that are not XML: a wrong charset, a cut answer, or something else."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _from_error(DiagnosisKind.UNREADABLE, error)
    if not _is_utf8(data) and not data.startswith(_AS_WINDOWS):
        text = _DECLARATION.sub(b"", data.removeprefix(b"\xef\xbb\xbf"))
        again = _diagnose(_AS_WINDOWS + text)
        if again.kind in (DiagnosisKind.ANSWER, DiagnosisKind.FAULT):
            meaning = (
                "Les lettres accentuées ne sont pas dans l'encodage annoncé : Amarre refuse cette réponse."
                f" Lue autrement, elle dirait : {again.meaning}"
            )
            advice = (
                "Relancez la demande. Si cela se répète, un équipement modifie les réponses : transmettez le"
                " fichier au support.",
            )
            return replace(again, kind=DiagnosisKind.CHARSET, meaning=meaning, advice=advice)
    if _is_cut(data):
        meaning = "La réponse est coupée avant la fin : on ne peut rien en conclure."
        return Diagnosis(
            DiagnosisKind.TRUNCATED,
            meaning,
            ("Relancez la demande : la liaison a été interrompue.",),
            error=error,
        )
    return _from_error(DiagnosisKind.UNREADABLE, error)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_cut(data: bytes) -> bool:
    """Whether the bytes are the beginning of an XML document whose end is missing."""
    if len(data) > MAX_BYTES:
        return False
    tags = re.findall(rb"<(/?)[A-Za-z_][^<>]*>", data)
    closed = sum(1 for close in tags if close)
    opened = len(tags) - closed - data.count(b"/>")
    if opened <= closed and data.rstrip().endswith(b">"):
        return False
    try:
        parse_foreign(data)
    except XmlError:
        return True
    return False
