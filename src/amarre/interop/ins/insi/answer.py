"""Answers and faults of INSi, read by {namespace}localname.

Source: INSi_RESULTAT_INS.xsd, schema_faultSOAP_V01_01.xsd, and the messages met on the wire: INSHISTO
children in another order than the schema, Prenom and TypeMatricule absent, prefixes that change, `fatal`
for `fatale`. The schema is therefore not applied to answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from amarre.interop.common.soap import SoapFault, fault_of, read_envelope, text_of
from amarre.interop.common.xml import XmlTooLarge
from amarre.interop.ins.errors import BirthDateRefused, MatriculeMalformed, UnknownInsOid
from amarre.interop.ins.history import FormerIns
from amarre.interop.ins.insi.codes import RESULTAT, SIRAM, ResultCode
from amarre.interop.ins.insi.errors import BY_CODE, BY_FAMILY, AnswerInvalid, InsiError, UnexplainedFault
from amarre.interop.ins.insi.model import Individual, InsiAnswer
from amarre.interop.ins.matricule import Ins, MatriculeWarning, ins_oid, matricule_received
from amarre.interop.ins.traits import BirthDate, Sexe, Traits

_R = f"{{{RESULTAT}}}"
# A real answer is under 4 KB; a history of ten INS stays under 10 KB.
_MAX_BYTES = 1_000_000


def parse_answer(data: bytes) -> InsiAnswer:
    """Read the bytes of an answer.

    Raises the InsiError of a fault, AnswerInvalid, a SoapError (HTML page, empty, not an envelope) or an
    XmlError (unreadable, hostile).
    """
    if len(data) > _MAX_BYTES:
        raise XmlTooLarge(size=len(data), limit=_MAX_BYTES)
    envelope = read_envelope(data)
    fault = fault_of(envelope)
    if fault is not None:
        raise fault_error(fault)
    if envelope.payload.tag != f"{_R}RESULTAT":
        raise AnswerInvalid(reason="ce n'est pas un résultat de recherche")
    return _result(envelope.payload, envelope.addressing.relates_to or "")


@dataclass(frozen=True, slots=True)
class FaultDetail:
    """The technical part of a fault: code (desir_550, insi_19…), severity, message, MessageID echoed."""

    code: str
    severity: str
    text: str
    message_id: str


def fault_detail(fault: SoapFault) -> FaultDetail:
    """Return the siram:Erreur of a fault, in either layout: attributes, or child elements."""
    error = None if fault.detail is None else fault.detail.find(f".//{{{SIRAM}}}Erreur")
    if error is None and fault.detail is not None:
        error = next(
            (node for node in fault.detail.iter("*") if etree.QName(node).localname == "Erreur"), None
        )
    if error is None:
        return FaultDetail("", "", "", "")
    children = {etree.QName(node).localname: text_of(node) or "" for node in error.iterchildren("*")}
    return FaultDetail(
        code=error.get("code") or children.get("Code", ""),
        severity=error.get("severite") or children.get("Severite", ""),
        text=children.get("Descriptif") or text_of(error) or "",
        message_id=error.get("messageID") or "",
    )


def fault_error(fault: SoapFault) -> InsiError:
    """Return the typed error of a fault: by its exact code, else by its siram family."""
    detail = fault_detail(fault)
    remote = detail.code or fault.subcode or fault.code
    family = next((name for name in fault.subcodes if name in BY_FAMILY), "")
    cls = BY_CODE.get(detail.code) or BY_FAMILY.get(family) or UnexplainedFault
    return cls(remote_code=remote, remote_text=fault.reason or detail.text, remote=remote)


def _result(result: etree._Element, relates_to: str) -> InsiAnswer:
    """Read a RESULTAT element."""
    text = text_of(result.find(f"{_R}CR/{_R}CodeCR")) or ""
    try:
        code = ResultCode(text)
    except ValueError:
        raise AnswerInvalid(remote_code=text[:10], reason="son code n'est pas connu") from None
    label = text_of(result.find(f"{_R}CR/{_R}LibelleCR")) or ""
    element = result.find(f"{_R}INDIVIDU")
    if (code is ResultCode.FOUND) != (element is not None):
        raise AnswerInvalid(reason="le code et l'identité se contredisent")
    return InsiAnswer(code, label, None if element is None else _individual(element), relates_to)


def _individual(element: etree._Element) -> Individual:
    """Read an INDIVIDU element. Raises AnswerInvalid."""
    active, traits = element.find(f"{_R}INSACTIF"), element.find(f"{_R}TIQ")
    if active is None or traits is None:
        raise AnswerInvalid(reason="le matricule ou les traits manquent")
    try:
        ins, warnings = _ins(active)
        former, more = _former(element)
        return Individual(ins, former, _traits(traits), tuple(dict.fromkeys(warnings + more)))
    except MatriculeMalformed:
        raise AnswerInvalid(reason="le matricule n'a pas la forme attendue") from None
    except UnknownInsOid:
        raise AnswerInvalid(reason="l'identifiant (OID) reçu ne désigne pas une INS") from None


def _ins(element: etree._Element) -> tuple[Ins, tuple[MatriculeWarning, ...]]:
    """Read a matricule and its OID."""
    number = text_of(element.find(f"{_R}IdIndividu/{_R}NumIdentifiant")) or ""
    key = text_of(element.find(f"{_R}IdIndividu/{_R}Cle")) or ""
    matricule, warnings = matricule_received(number, key)
    return Ins(matricule, ins_oid(text_of(element.find(f"{_R}OID")) or "")), warnings


def _former(element: etree._Element) -> tuple[tuple[FormerIns, ...], tuple[MatriculeWarning, ...]]:
    """Read every INSHISTO, always as a list, children in any order."""
    former: list[FormerIns] = []
    warnings: tuple[MatriculeWarning, ...] = ()
    for node in element.findall(f"{_R}INSHISTO"):
        ins, more = _ins(node)
        start, end = text_of(node.find(f"{_R}DateDeb")) or "", text_of(node.find(f"{_R}DateFin")) or ""
        former.append(FormerIns(ins, start, end))
        warnings += more
    return tuple(former), warnings


def _traits(element: etree._Element) -> Traits:
    """Read the TIQ, kept as received. Raises AnswerInvalid when a trait that must travel is missing."""
    found = {etree.QName(node).localname: text_of(node) or "" for node in element.iterchildren("*")}
    nom, prenoms = found.get("NomNaissance", ""), found.get("ListePrenom") or found.get("Prenom", "")
    sexe, date = found.get("Sexe", ""), found.get("DateNaissance", "")
    if not nom or not prenoms or sexe not in ("F", "M"):
        raise AnswerInvalid(reason="un trait d'identité manque")
    try:
        birth = BirthDate(date)
    except BirthDateRefused:
        raise AnswerInvalid(reason="la date de naissance n'a pas la forme attendue") from None
    return Traits(
        nom_naissance=nom,
        prenoms=prenoms,
        sexe=Sexe(sexe),
        date_naissance=birth,
        lieu_naissance=found.get("LieuNaissance", ""),
        premier_prenom=found.get("Prenom", ""),
    )
