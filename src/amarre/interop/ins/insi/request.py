"""Requests WS_INS1 (carte Vitale) and WS_INS2 (traits).

Certificate mode: no WS-Security header, the emitter is the structure. CPx mode: a header with the assertion
the card signed, the emitter is its holder.

Source: DESIR_ICIR_EXP_1.5.0.wsdl; ROOT_ctxbam_CTXBAM_V01_02.xsd, ROOT_ctxlps_CTXLPS_V01_00.xsd,
INSi_RECSANS_INS.xsd, INSi_RECVITALE_INS.xsd; SEL-MP-043 §3.2 (authentication modes).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from lxml import etree

from amarre.interop.common.clock import Clock, IdSource
from amarre.interop.common.soap import Addressing, build_envelope
from amarre.interop.common.xml import serialize
from amarre.interop.ins.errors import TraitsRefused
from amarre.interop.ins.insi.assertion import CpxCard, build_assertion, security_header
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
from amarre.interop.ins.insi.model import InsiProfile, InsiRequest, TraitsQuery, VitaleCoverage, VitaleQuery
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


def traits_request(
    query: TraitsQuery, profile: InsiProfile, clock: Clock, ids: IdSource, card: CpxCard | None = None
) -> InsiRequest:
    """Return a WS_INS2 request, signed by `card` when given (CPx mode). Raises TraitsRefused before
    anything is built when a rule is broken, CardAssertionIncomplete or CardKeyUnusable."""
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
    return _request(payload, ACTION_TRAITS, _Caller(profile, card), clock, ids)


def vitale_request(
    query: VitaleQuery, profile: InsiProfile, clock: Clock, ids: IdSource, card: CpxCard | None = None
) -> InsiRequest:
    """Return a WS_INS1 request with what the carte Vitale holds; empty values are left out.

    `card` is the professional's, in CPx mode. Raises CardAssertionIncomplete or CardKeyUnusable.
    """
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
    return _request(payload, ACTION_VITALE, _Caller(profile, card, query), clock, ids)


@dataclass(frozen=True, slots=True)
class _Caller:
    """Who calls, with which card, and the carte Vitale read if any."""

    profile: InsiProfile
    card: CpxCard | None = None
    vitale: VitaleQuery | None = None

    @property
    def emetteur(self) -> str:
        """The structure, or the holder of the professional's card (SEL-MP-043 §3.2)."""
        return self.profile.emetteur if self.card is None else self.card.holder.national_id


def _request(
    payload: etree._Element, action: str, caller: _Caller, clock: Clock, ids: IdSource
) -> InsiRequest:
    """Wrap a payload with both contexts and the addressing; every identifier is new at each call."""
    now = clock.now()
    instant = _instant(now)
    message_id = f"uuid:{ids.uuid()}"
    headers = [_context_bam(caller, instant, ids), _context_lps(caller, instant, ids)]
    if caller.card is not None:
        headers.insert(0, security_header(build_assertion(caller.card, now, ids)))
    envelope = build_envelope(payload, addressing=Addressing(action, message_id), headers=headers)
    return InsiRequest(action, message_id, serialize(envelope))


def _context_bam(caller: _Caller, instant: str, ids: IdSource) -> etree._Element:
    """Return the ContexteBAM block; COUVERTURE is mandatory, empty without a carte Vitale."""
    block = etree.Element(f"{{{CTXBAM}}}ContexteBAM", nsmap={"ctxbam": CTXBAM})
    block.set("Nature", "CTXBAM")
    block.set("Version", CTXBAM_VERSION)
    _child(block, "Id", str(ids.uuid()))
    _child(block, "Temps", instant)
    _child(block, "Emetteur", caller.emetteur)
    coverage = _child(block, "COUVERTURE", None)
    if caller.vitale is not None and caller.vitale.coverage is not None:
        _coverage(coverage, caller.vitale, caller.vitale.coverage)
    return block


def _coverage(parent: etree._Element, query: VitaleQuery, coverage: VitaleCoverage) -> None:
    """Fill COUVERTURE with what the card holds, in the order of the schema."""
    for name, value in (
        ("GrandRegime", coverage.regime),
        ("Organisme", coverage.organisme),
        ("CodeCentre", coverage.centre),
    ):
        if value:
            _child(parent, name, value)
    if query.nir_od:
        number = _child(_child(parent, "ASSURE", None), "Id", None)
        _child(number, "Num", query.nir_od)
        _child(number, "Cle", query.cle_od)
    person = _child(parent, "BENEFICIAIRE", None)
    if query.nir_individu:
        number = _child(person, "Nir", None)
        _child(number, "Num", query.nir_individu)
        _child(number, "Cle", query.cle_individu)
        if coverage.certified_on:
            _child(number, "DateCertification", coverage.certified_on)
    _child(person, "DateNai", query.date_naissance)
    if query.rang:
        _child(person, "Rang", query.rang)
    _child(person, "Porteur", "1" if coverage.holder else "0")


def _context_lps(caller: _Caller, instant: str, ids: IdSource) -> etree._Element:
    """Return the ContexteLPS block, which names the software and its authorisation number."""
    profile = caller.profile
    block = etree.Element(f"{{{CTXLPS}}}ContexteLPS", nsmap={"ctxlps": CTXLPS})
    block.set("Nature", "CTXLPS")
    block.set("Version", CTXLPS_VERSION)
    _child(block, "Id", str(ids.uuid()))
    _child(block, "Temps", instant)
    _child(block, "Emetteur", caller.emetteur)
    lps = etree.SubElement(block, f"{{{CTXLPS}}}LPS")
    _child(lps, "IDAM", profile.idam).set("R", "4")
    _child(lps, "Version", profile.software_version)
    _child(lps, "Instance", profile.instance)
    _child(lps, "Nom", profile.software_urn)
    return block


def _child(parent: etree._Element, name: str, text: str | None) -> etree._Element:
    """Append a child in the namespace of its parent."""
    child = etree.SubElement(parent, etree.QName(etree.QName(parent).namespace, name))
    child.text = text
    return child


def _instant(instant: datetime.datetime) -> str:
    """Write an aware datetime as xsd:dateTime in UTC with milliseconds and Z."""
    utc = instant.astimezone(datetime.UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
