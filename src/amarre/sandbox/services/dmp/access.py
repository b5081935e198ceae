"""Who may read what: authorisations, emergency access, masks, ownership.

Sources: SEL-MP-037 (TD0.2, TD0.3), PDT-INF-526 v1.8 and PDT-INF-606 v1.3 (rights), JDV_J58 (visibility).
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from amarre.sandbox.services.dmp import people
from amarre.sandbox.services.dmp.answers import HABILITATIONS
from amarre.sandbox.services.dmp.metadata import CX_INS
from amarre.sandbox.services.dmp.people import Authorisation, DmpState, Person
from amarre.sandbox.services.dmp.registry import DELETED, Entry, Registry
from amarre.sandbox.services.dmp.rules import Judge, right
from amarre.sandbox.services.dmp.vihf import Vihf

MASKED = "MASQUE_PS"
BREAK_GLASS = "bris_de_glace"
PHYSICIAN = ("10", "1.2.250.1.71.1.2.7")


def person_of(cx: str) -> Person | None:
    """Return the person a CX names, None when the DMP does not know it."""
    found = CX_INS.fullmatch(cx)
    return people.find(found["id"], found["oid"]) if found else None


def authorisation(person: Person, caller: str, registry: Registry) -> Authorisation:
    """Return the authorisation of a caller: a prohibition first, then what TD0.3 did, else the cast's."""
    changed = registry.access(person.ins, caller)
    if person.authorisation is Authorisation.INTERDIT or not changed:
        return person.authorisation
    return Authorisation(changed)


def judge_reading(person: Person | None, judge: Judge, vihf: Vihf, registry: Registry) -> bool:
    """Judge that a professional may read the DMP of a person; return whether nothing was refused."""
    known = person is not None and person.state is not DmpState.ABSENT
    if not judge.check("xds.person", known, received=vihf.patient) or person is None:
        return False
    judge.check("xds.open", person.state is DmpState.ACTIVE, received=person.state.value)
    forbidden = person.authorisation is Authorisation.INTERDIT
    judge.check("rights.person", not forbidden, received=person.authorisation.value)
    if vihf.purpose == BREAK_GLASS:
        judge.check("rights.break-glass", not person.opposed_break_glass)
    else:
        found = authorisation(person, vihf.name_id, registry)
        expired = "autorisation expirée" if found is Authorisation.EXPIRE else ""
        judge.check("rights.authorised", found is Authorisation.VALIDE, expired, received=found.value)
    return not judge.refused


def is_own(entry: Entry, vihf: Vihf) -> bool:
    """Tell whether a document is the caller's: author for a professional, structure for a certificate."""
    if vihf.mode == "INDIRECTE" or vihf.column.endswith(("-CPE", "-NON-PS")):
        return entry.structure == vihf.structure
    return vihf.name_id in entry.authors


def is_shown(entry: Entry, vihf: Vihf) -> bool:
    """Tell whether a document may be shown to the caller."""
    if entry.status == DELETED or not entry.current:
        return False
    masked = MASKED in entry.confidentiality
    return not masked or is_own(entry, vihf) or vihf.purpose == BREAK_GLASS


def may_change(entry: Entry, vihf: Vihf, transaction: str) -> bool:
    """Tell whether the scope of the right reaches this document. A physician in AIR may archive any."""
    scope = right(transaction, vihf.column)
    if scope == "yes":
        return True
    reinforced = vihf.mode == "INDIRECTE_RENFORCEE"
    if transaction == "TD3.3d" and reinforced and PHYSICIAN in vihf.roles:
        return True
    return scope != "no" and is_own(entry, vihf)


@dataclass(frozen=True, slots=True)
class AuthorisationRequest:
    """A setAuthorization that could be read."""

    action: str
    role: str


def authorisation_action(body: etree._Element | None) -> str:
    """Return the action of a setAuthorization, "" when there is none."""
    return "" if body is None else (body.findtext(f"{{{HABILITATIONS}}}action") or "").strip()


def read_authorisation(body: etree._Element | None, judge: Judge) -> AuthorisationRequest | None:
    """Return the request, None when it cannot be read."""
    action = authorisation_action(body)
    known = body is not None and body.tag == f"{{{HABILITATIONS}}}setAuthorization"
    if (
        not judge.check("auth.body", known and action in {"AJOUT", "SUPPRESSION"}, received=action)
        or body is None
    ):
        return None
    role = (body.findtext(f"{{{HABILITATIONS}}}role") or "").strip()
    judge.check("auth.role", role in {"", "MEDECIN_TRAITANT"}, received=role)
    return AuthorisationRequest(action, role)


def apply_authorisation(request: AuthorisationRequest, person: Person, vihf: Vihf, registry: Registry) -> str:
    """Give or remove the authorisation of the caller; return the sentence of the answer."""
    before = authorisation(person, vihf.name_id, registry)
    if request.action == "AJOUT":
        if before is Authorisation.VALIDE:
            return "Autorisation déjà présente aucune action effectuée"
        registry.set_access(person.ins, vihf.name_id, Authorisation.VALIDE.value)
        return "Autorisation ajoutée"
    if before is not Authorisation.VALIDE:
        return "Autorisation absente aucune action effectuée"
    registry.set_access(person.ins, vihf.name_id, Authorisation.NON_EXISTE.value)
    return "Autorisation supprimée"
