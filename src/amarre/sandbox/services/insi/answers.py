"""The messages this INSi writes, in the shapes met on the wire.

Sources: INSi_RESULTAT_INS.xsd; schema_faultSOAP_V01_01.xsd; answers of the qualification server. The body
uses another prefix than the envelope, the application writes its faults otherwise than the gateway.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from amarre.sandbox.services.insi.decoder import S12
from amarre.sandbox.services.insi.persons import Former, Person
from amarre.sandbox.services.insi.rules import FaultCode

RESULT = "http://www.cnamts.fr/INSiResultat"
SIRAM = "urn:siram"
LABELS = {"00": "OK", "01": "Aucune identite trouvee", "02": "Plusieurs identites trouvees"}

_DEFAULT_NAMESPACE: dict[Any, str] = {None: RESULT}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def result(
    code: str, person: Person | None, *, shuffled_history: bool = False, prefixed: bool = False
) -> bytes:
    """Return an answer. `shuffled_history` writes the dates first, as an official file does.

    `prefixed` writes ns2: where the default namespace is usual: both were seen on the wire.
    """
    envelope = etree.Element(f"{{{S12}}}Envelope", nsmap={"soap": S12})
    body = etree.SubElement(envelope, f"{{{S12}}}Body", nsmap={"S": S12})
    root = etree.SubElement(
        body, f"{{{RESULT}}}RESULTAT", nsmap={"ns2": RESULT} if prefixed else _DEFAULT_NAMESPACE
    )
    report = _add(root, "CR")
    _add(report, "CodeCR", code)
    _add(report, "LibelleCR", LABELS[code])
    if person is not None:
        _individual(_add(root, "INDIVIDU"), person, shuffled_history)
    return _bytes(envelope)


def _individual(parent: etree._Element, person: Person, shuffled: bool) -> None:
    """Append the active INS, the history and the traits."""
    _ins(_add(parent, "INSACTIF"), Former(person.matricule, person.cle), person.oid, False)
    for former in person.history:
        _ins(_add(parent, "INSHISTO"), former, person.oid, shuffled)
    traits = _add(parent, "TIQ")
    _add(traits, "NomNaissance", person.nom)
    if person.prenom_returned:
        _add(traits, "Prenom", person.prenoms.split(" ")[0])
    _add(traits, "ListePrenom", person.prenoms)
    _add(traits, "Sexe", person.sexe)
    _add(traits, "DateNaissance", person.naissance)
    _add(traits, "LieuNaissance", person.lieu)


def _ins(parent: etree._Element, ins: Former, oid: str, shuffled: bool) -> None:
    """Append one matricule with its OID and dates."""
    if shuffled:
        _dates(parent, ins)
    identifier = _add(parent, "IdIndividu")
    _add(identifier, "NumIdentifiant", ins.matricule)
    _add(identifier, "Cle", ins.cle)
    _add(parent, "OID", oid)
    if not shuffled:
        _dates(parent, ins)


def _dates(parent: etree._Element, ins: Former) -> None:
    """Append the dates that are known."""
    for name, value in (("DateDeb", ins.start), ("DateFin", ins.end)):
        if value:
            _add(parent, name, value)


def fault(code: FaultCode, message_id: str) -> bytes:
    """Return a fault, in the dialect of the gateway or of the application."""
    prefix = "soap" if code.from_gateway else "S"
    envelope = etree.Element(f"{{{S12}}}Envelope", nsmap={prefix: S12})
    body = etree.SubElement(envelope, f"{{{S12}}}Body")
    root = etree.SubElement(body, f"{{{S12}}}Fault")
    block = etree.SubElement(root, f"{{{S12}}}Code")
    etree.SubElement(block, f"{{{S12}}}Value").text = f"{prefix}:{code.side}"
    subcode = etree.SubElement(block, f"{{{S12}}}Subcode")
    etree.SubElement(subcode, f"{{{S12}}}Value").text = f"{prefix}:{code.family}"
    reason = etree.SubElement(root, f"{{{S12}}}Reason")
    text = etree.SubElement(reason, f"{{{S12}}}Text")
    text.set(_LANG, "fr" if code.from_gateway else "en")
    text.text = code.reason
    detail = etree.SubElement(root, f"{{{S12}}}Detail")
    error = etree.SubElement(detail, f"{{{SIRAM}}}Erreur", nsmap={"siram": SIRAM})
    error.set("code", code.code)
    error.set("severite", code.severity)
    if code.from_gateway and message_id:
        error.set("messageID", message_id)
    error.text = code.reason
    return _bytes(envelope)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{RESULT}}}{name}")
    child.text = text
    return child


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
