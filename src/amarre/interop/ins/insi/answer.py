"""Answers and faults of INSi, read by {namespace}localname.

Source: INSi_RESULTAT_INS.xsd, schema_faultSOAP_V01_01.xsd, and the messages met on the wire: INSHISTO
children in another order than the schema, Prenom and TypeMatricule absent, prefixes that change, `fatal`
for `fatale`. The schema is therefore not applied to answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from amarre.interop.common.soap import SoapEnvelope, SoapFault, fault_of, read_envelope, text_of
from amarre.interop.common.xml import XmlTooLarge
from amarre.interop.ins.errors import BirthDateRefused, MatriculeMalformed, UnknownInsOid
from amarre.interop.ins.history import FormerIns
from amarre.interop.ins.insi.codes import RESULTAT, SIRAM, ResultCode
from amarre.interop.ins.insi.errors import BY_CODE, BY_FAMILY, AnswerInvalid, InsiError, UnexplainedFault
from amarre.interop.ins.insi.model import Individual, InsiAnswer
from amarre.interop.ins.matricule import Ins, MatriculeWarning, ins_oid, matricule_received
from amarre.interop.ins.traits import (
    NAME_MAX,
    BirthDate,
    Sexe,
    Trait,
    Traits,
    hidden_characters,
    name_problems,
)

_R = f"{{{RESULTAT}}}"
# A real answer is under 4 KB and 60 elements; a history of ten INS stays under 10 KB.
MAX_BYTES = 200_000
MAX_ELEMENTS = 2_000


def parse_answer(data: bytes) -> InsiAnswer:
    """Read the bytes of an answer.

    Raises the InsiError of a fault, AnswerInvalid, a SoapError (HTML page, empty, not an envelope) or an
    XmlError (unreadable, hostile).
    """
    if len(data) > MAX_BYTES:
        raise XmlTooLarge(size=len(data), limit=MAX_BYTES)
    # Some servers and some files begin with a blank line, which XML refuses before its declaration.
    data = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    envelope = read_envelope(data, max_elements=MAX_ELEMENTS)
    _one_content(envelope)
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


def _one_content(envelope: SoapEnvelope) -> None:
    """Refuse a second body, or a second element in the body: which one would be the answer?"""
    bodies = envelope.root.findall(f"{{{envelope.version}}}Body")
    if len(bodies) != 1 or len(list(bodies[0].iterchildren("*"))) != 1:
        raise AnswerInvalid(reason="elle contient plusieurs résultats")


def _only(parent: etree._Element, name: str) -> etree._Element | None:
    """Return the child of that name in the namespace of results, None when absent.

    Raises AnswerInvalid when there are several, or when a child bears that name in another namespace.
    """
    same = [node for node in parent.iterchildren("*") if etree.QName(node).localname == name]
    if len(same) > 1:
        raise AnswerInvalid(reason=f"l'élément {name} y figure plusieurs fois")
    if same and same[0].tag != f"{_R}{name}":
        raise AnswerInvalid(reason=f"l'élément {name} n'est pas dans l'espace de noms d'INSi")
    return same[0] if same else None


def _value(parent: etree._Element, name: str) -> str:
    """Return the text of the only child of that name, "" when absent. Raises AnswerInvalid."""
    return text_of(_only(parent, name)) or ""


def _result(result: etree._Element, relates_to: str) -> InsiAnswer:
    """Read a RESULTAT element."""
    report = _only(result, "CR")
    text = "" if report is None else _value(report, "CodeCR")
    try:
        code = ResultCode(text)
    except ValueError:
        told = f"son code « {text[:10]} » n'est pas connu" if text else "elle ne porte pas de code"
        raise AnswerInvalid(remote_code=text[:10], reason=told) from None
    label = "" if report is None else _value(report, "LibelleCR")
    element = _only(result, "INDIVIDU")
    if (code is ResultCode.FOUND) != (element is not None):
        raise AnswerInvalid(reason="le code et l'identité se contredisent")
    return InsiAnswer(code, label, None if element is None else _individual(element), relates_to)


def _individual(element: etree._Element) -> Individual:
    """Read an INDIVIDU element. Raises AnswerInvalid."""
    active, traits = _only(element, "INSACTIF"), _only(element, "TIQ")
    if active is None or traits is None:
        raise AnswerInvalid(reason="le matricule ou les traits manquent")
    try:
        ins, warnings = _ins(active)
        former, more = _former(element)
        received = _traits(traits)
        warnings += more + _writing_warnings(received)
        return Individual(ins, former, received, tuple(dict.fromkeys(warnings)))
    except MatriculeMalformed:
        raise AnswerInvalid(reason="le matricule n'a pas la forme attendue") from None
    except UnknownInsOid as error:
        told = f"l'identifiant (OID) reçu, {error.params['oid'] or 'vide'}, ne désigne pas une INS"
        raise AnswerInvalid(reason=told) from None


def _ins(element: etree._Element) -> tuple[Ins, tuple[MatriculeWarning, ...]]:
    """Read a matricule and its OID."""
    identifier = _only(element, "IdIndividu")
    if identifier is None:
        raise AnswerInvalid(reason="un matricule manque")
    matricule, warnings = matricule_received(_value(identifier, "NumIdentifiant"), _value(identifier, "Cle"))
    return Ins(matricule, ins_oid(_value(element, "OID"))), warnings


def _former(element: etree._Element) -> tuple[tuple[FormerIns, ...], tuple[MatriculeWarning, ...]]:
    """Read every INSHISTO, always as a list, children in any order."""
    former: list[FormerIns] = []
    warnings: tuple[MatriculeWarning, ...] = ()
    for node in element.findall(f"{_R}INSHISTO"):
        ins, more = _ins(node)
        former.append(FormerIns(ins, _value(node, "DateDeb"), _value(node, "DateFin")))
        warnings += more
    return tuple(former), warnings


def _traits(element: etree._Element) -> Traits:
    """Read the TIQ, kept as received. Raises AnswerInvalid when a trait that must travel is missing."""
    nom, prenom = _value(element, "NomNaissance"), _value(element, "Prenom")
    prenoms = _value(element, "ListePrenom") or prenom
    sexe, date = _value(element, "Sexe"), _value(element, "DateNaissance")
    lieu = _value(element, "LieuNaissance")
    for text, label in ((nom, "le nom de naissance"), (prenoms, "la liste des prénoms"), (sexe, "le sexe")):
        if not text:
            raise AnswerInvalid(reason=f"{label} manque")
    if sexe not in ("F", "M"):
        raise AnswerInvalid(reason="le sexe n'est ni F ni M")
    for text in (nom, prenoms, prenom, lieu):
        if hidden := hidden_characters(text):
            raise AnswerInvalid(reason=f"un trait contient un caractère trompeur ({hidden[0]})")
    if max(len(nom), len(prenoms)) > NAME_MAX:
        raise AnswerInvalid(reason=f"un nom dépasse {NAME_MAX} caractères")
    try:
        birth = BirthDate(date)
    except BirthDateRefused:
        raise AnswerInvalid(reason="la date de naissance n'a pas la forme attendue") from None
    return Traits(
        nom_naissance=nom,
        prenoms=prenoms,
        sexe=Sexe(sexe),
        date_naissance=birth,
        lieu_naissance=lieu,
        premier_prenom=prenom,
    )


def _writing_warnings(traits: Traits) -> tuple[MatriculeWarning, ...]:
    """Remark names that break the service's own writing rules: kept as received, shown to the operator."""
    problems = name_problems(Trait.NOM_NAISSANCE, traits.nom_naissance)
    problems += name_problems(Trait.PRENOMS, traits.prenoms)
    return tuple(MatriculeWarning(f"ecriture_{item.rule}", item.sentence) for item in problems)
