"""Requests WS_INS1 (carte Vitale) and WS_INS2 (traits), certificate mode: no WS-Security header.

Source: DESIR_ICIR_EXP_1.5.0.wsdl; ROOT_ctxbam_CTXBAM_V01_02.xsd, ROOT_ctxlps_CTXLPS_V01_00.xsd,
INSi_RECSANS_INS.xsd, INSi_RECVITALE_INS.xsd; SEL-MP-043 §3.2 (certificate mode).
"""

from __future__ import annotations

import datetime

from lxml import etree

from amarre.interop.common.clock import Clock, IdSource
from amarre.interop.common.soap import Addressing, build_envelope
from amarre.interop.common.xml import serialize
from amarre.interop.ins.errors import TraitsRefused
from amarre.interop.ins.insi.codes import (
    ACTION_TRAITS,
    ACTION_VITALE,
    CTXBAM,
    CTXBAM_VERSION,
    CTXLPS,
    CTXLPS_VERSION,
    RECSANS,
    RECVIT,
)
from amarre.interop.ins.insi.model import InsiProfile, InsiRequest, TraitsQuery, VitaleQuery
from amarre.interop.ins.traits import LexicalProblem, Sexe, Trait, name_problems

_SOURCE = "SEL-MP-043 §3.4.1"


def query_problems(query: TraitsQuery) -> tuple[LexicalProblem, ...]:
    """Return the rules a query breaks; the service would refuse it, so it is not sent."""
    found = list(name_problems(Trait.NOM_NAISSANCE, query.nom_naissance))
    found += name_problems(Trait.PRENOMS, query.prenom)
    if query.sexe not in (Sexe.F, Sexe.M):
        sentence = "Sexe : il doit être renseigné (F ou M) avant l'appel à INSi."
        found.append(LexicalProblem(Trait.SEXE, "sexe", "SEL-MP-043 EF_INS25_04", sentence))
    if query.date_naissance.calendar is None:
        sentence = "Date de naissance : ce n'est pas une date du calendrier."
        found.append(LexicalProblem(Trait.DATE_NAISSANCE, "calendrier", _SOURCE, sentence))
    lieu = query.lieu_naissance
    if lieu and not (len(lieu) == 5 and lieu.isascii() and lieu.isalnum()):
        sentence = "Lieu de naissance : un code INSEE de 5 caractères est attendu."
        found.append(LexicalProblem(Trait.LIEU_NAISSANCE, "cog", _SOURCE, sentence))
    return tuple(found)


def traits_request(query: TraitsQuery, profile: InsiProfile, clock: Clock, ids: IdSource) -> InsiRequest:
    """Return a WS_INS2 request. Raises TraitsRefused before anything is built when a rule is broken."""
    problems = query_problems(query)
    if problems:
        raise TraitsRefused(problems)
    payload = etree.Element(f"{{{RECSANS}}}RECSANSVITALE", nsmap={"rs": RECSANS})
    _child(payload, "NomNaissance", query.nom_naissance)
    _child(payload, "Prenom", query.prenom)
    _child(payload, "Sexe", query.sexe.value)
    _child(payload, "DateNaissance", query.date_naissance.text)
    if query.lieu_naissance:
        _child(payload, "LieuNaissance", query.lieu_naissance)
    return _request(payload, ACTION_TRAITS, profile, clock, ids)


def vitale_request(query: VitaleQuery, profile: InsiProfile, clock: Clock, ids: IdSource) -> InsiRequest:
    """Return a WS_INS1 request with what the card holds; empty values are left out."""
    payload = etree.Element(f"{{{RECVIT}}}RECVITALE", nsmap={"rv": RECVIT})
    for name, number, key in (
        ("MatriculeIndividu", query.nir_individu, query.cle_individu),
        ("MatriculeOD", query.nir_od, query.cle_od),
    ):
        if number:
            matricule = etree.SubElement(payload, f"{{{RECVIT}}}{name}")
            _child(matricule, "NumIdentifiant", number)
            _child(matricule, "Cle", key)
    for name, value in (
        ("NomNaissance", query.nom_naissance),
        ("DateNaissance", query.date_naissance),
        ("RangNaissance", query.rang),
    ):
        if value:
            _child(payload, name, value)
    return _request(payload, ACTION_VITALE, profile, clock, ids)


def _request(
    payload: etree._Element, action: str, profile: InsiProfile, clock: Clock, ids: IdSource
) -> InsiRequest:
    """Wrap a payload with both contexts and the addressing; every identifier is new at each call."""
    instant = _instant(clock.now())
    message_id = f"uuid:{ids.uuid()}"
    envelope = build_envelope(
        payload,
        addressing=Addressing(action, message_id),
        headers=(_context_bam(profile, instant, ids), _context_lps(profile, instant, ids)),
    )
    return InsiRequest(action, message_id, serialize(envelope))


def _context_bam(profile: InsiProfile, instant: str, ids: IdSource) -> etree._Element:
    """Return the ContexteBAM block; COUVERTURE is mandatory, empty without a carte Vitale."""
    block = etree.Element(f"{{{CTXBAM}}}ContexteBAM", nsmap={"ctxbam": CTXBAM})
    block.set("Nature", "CTXBAM")
    block.set("Version", CTXBAM_VERSION)
    _child(block, "Id", str(ids.uuid()))
    _child(block, "Temps", instant)
    _child(block, "Emetteur", profile.emetteur)
    etree.SubElement(block, f"{{{CTXBAM}}}COUVERTURE")
    return block


def _context_lps(profile: InsiProfile, instant: str, ids: IdSource) -> etree._Element:
    """Return the ContexteLPS block, which names the software and its authorisation number."""
    block = etree.Element(f"{{{CTXLPS}}}ContexteLPS", nsmap={"ctxlps": CTXLPS})
    block.set("Nature", "CTXLPS")
    block.set("Version", CTXLPS_VERSION)
    _child(block, "Id", str(ids.uuid()))
    _child(block, "Temps", instant)
    _child(block, "Emetteur", profile.emetteur)
    lps = etree.SubElement(block, f"{{{CTXLPS}}}LPS")
    _child(lps, "IDAM", profile.idam).set("R", "4")
    _child(lps, "Version", profile.software_version)
    _child(lps, "Instance", profile.instance)
    _child(lps, "Nom", profile.software_urn)
    return block


def _child(parent: etree._Element, name: str, text: str) -> etree._Element:
    """Append a child in the namespace of its parent."""
    child = etree.SubElement(parent, etree.QName(etree.QName(parent).namespace, name))
    child.text = text
    return child


def _instant(instant: datetime.datetime) -> str:
    """Write an aware datetime as xsd:dateTime in UTC with milliseconds and Z."""
    utc = instant.astimezone(datetime.UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
