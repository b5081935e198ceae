"""TD3.3: judges an UpdateDocumentSet request (ITI-57) and applies it.

Sources: IHE ITI TF-2 §3.57, SEL-MP-037 TD3.3 a to d. One change at a time, as in the published samples.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from amarre.sandbox.services.dmp import access, metadata
from amarre.sandbox.services.dmp.deposit import LCM, SET_REQUIRED
from amarre.sandbox.services.dmp.envelope import Envelope
from amarre.sandbox.services.dmp.metadata import CX_INS, RIM, RegistryObject, Submission
from amarre.sandbox.services.dmp.registry import (
    ADDED_SLOTS,
    APPROVED,
    ARCHIVED,
    DELETED,
    DEPRECATED,
    Entry,
    Registry,
)
from amarre.sandbox.services.dmp.rules import Judge, value_set
from amarre.sandbox.services.dmp.vihf import Vihf

STATUS_LINK = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
# Status → statuses it may become.
TRANSITIONS = {
    APPROVED: {ARCHIVED, DELETED},
    ARCHIVED: {APPROVED, DELETED},
    DEPRECATED: {DELETED},
}
FOR_REPRESENTATIVES = "INVISIBLE_REPRESENTANTS_LEGAUX"


@dataclass(frozen=True, slots=True)
class Update:
    """One change that could be read: a new status (`link`), or new metadata (`item`)."""

    submission: Submission
    link: etree._Element
    item: RegistryObject | None
    target: Entry | None
    transaction: str

    def slot(self, name: str) -> str:
        """Return a value of the association, "" when it is absent."""
        path = f"{{{RIM}}}Slot[@name='{name}']/{{{RIM}}}ValueList/{{{RIM}}}Value"
        return (self.link.findtext(path) or "").strip()

    @property
    def codes(self) -> set[str]:
        """The confidentiality codes asked for."""
        found = () if self.item is None else self.item.codes.get(metadata.CONFIDENTIALITY, ())
        return {code.code for code in found}


def read_update(envelope: Envelope, registry: Registry) -> Update | None:
    """Return the change, None when it cannot be read."""
    body = envelope.body
    objects = None
    if body is not None and body.tag == f"{{{LCM}}}SubmitObjectsRequest":
        objects = body.find(f"{{{RIM}}}RegistryObjectList")
    if objects is None:
        return None
    submission = metadata.read_submission(objects)
    links = objects.findall(f"{{{RIM}}}Association")
    if len(submission.sets) != 1 or len(links) != 1 or len(submission.entries) > 1:
        return None
    kind = links[0].get("associationType")
    if kind == STATUS_LINK and not submission.entries:
        target = registry.by_uuid(links[0].get("targetObject", ""))
        update = Update(submission, links[0], None, target, "TD3.3d")
        deleting = update.slot("NewStatus") == DELETED
        return Update(submission, links[0], None, target, "TD3.3c" if deleting else "TD3.3d")
    if kind == metadata.HAS_MEMBER and submission.entries:
        item = submission.entries[0]
        target = registry.by_logical_id(item.element.get("lid", ""))
        update = Update(submission, links[0], item, target, "")
        return Update(submission, links[0], item, target, _visibility_transaction(update))
    return None


def _visibility_transaction(update: Update) -> str:
    before = set() if update.target is None else set(update.target.confidentiality)
    if access.MASKED in update.codes - before:
        return "TD3.3a masquer"
    if access.MASKED in before - update.codes:
        return "TD3.3a démasquer"
    return "TD3.3b"


def judge_update(update: Update, judge: Judge, vihf: Vihf, registry: Registry) -> None:
    """Write every remark about a change that could be read."""
    lot = update.submission.sets[0]
    absent = [name for name, scheme in SET_REQUIRED.items() if not lot.identifiers.get(scheme)]
    judge.check_all("xds.set-required", absent)
    patient = CX_INS.fullmatch(lot.identifiers.get(metadata.SET_PATIENT, ""))
    named = CX_INS.fullmatch(vihf.patient)
    same = patient is not None and named is not None and patient["id"] == named["id"]
    judge.check("vihf.patient", same)
    target = update.target
    owner = None if target is None else CX_INS.fullmatch(target.patient)
    known = target is not None and target.current and target.status != DELETED
    if not judge.check("update.target", known) or target is None:
        return
    judge.check("xds.patient", owner is not None and patient is not None and owner["id"] == patient["id"])
    if vihf.mode != "INDIRECTE":
        access.judge_reading(access.person_of(vihf.patient), judge, vihf, registry)
    judge.check(
        "rights.own",
        access.may_change(target, vihf, update.transaction),
        received=f"auteurs {', '.join(target.authors)}, structure {target.structure}",
    )
    if update.item is None:
        before, after = update.slot("OriginalStatus"), update.slot("NewStatus")
        judge.check("update.original", before == target.status, received=f"{before}, état {target.status}")
        possible = after in TRANSITIONS.get(target.status, ())
        judge.check("update.transition", possible, received=f"{target.status} vers {after}")
    else:
        _judge_visibility(update, update.item, target, judge, vihf, registry)


def _judge_visibility(
    update: Update, item: RegistryObject, target: Entry, judge: Judge, vihf: Vihf, registry: Registry
) -> None:
    version = update.slot("PreviousVersion")
    shown = f"{version}, version courante {target.version}"
    judge.check("update.version", version == str(target.version), received=shown)
    known = value_set("JDV_J58")
    codes = item.codes.get(metadata.CONFIDENTIALITY, ())
    judge.check_all("xds.codes", [code.code for code in codes if (code.code, code.system) not in known])
    before = metadata.read_object(registry.object(target))
    judge.check_all("update.same", _differences(before, item))
    touched = update.codes ^ set(target.confidentiality)
    if FOR_REPRESENTATIVES in touched:
        judge.check("update.secret", vihf.secret)


def _differences(before: RegistryObject, after: RegistryObject) -> list[str]:
    """Return the names of what changes besides the visibility."""
    problems = [] if before.title == after.title else ["titre"]
    problems += ["auteurs"] if before.authors != after.authors else []
    problems += ["identifiants"] if before.identifiers != after.identifiers else []
    for scheme in sorted({*before.codes, *after.codes} - {metadata.CONFIDENTIALITY}):
        if before.codes.get(scheme) != after.codes.get(scheme):
            problems.append(scheme)
    for name in sorted({*before.slots, *after.slots} - ADDED_SLOTS):
        if before.slots.get(name) != after.slots.get(name):
            problems.append(name)
    return problems


def apply_update(update: Update, registry: Registry) -> None:
    """Make the change."""
    if update.target is None:
        return
    if update.item is None:
        registry.change_status(update.target, update.slot("NewStatus"))
    else:
        registry.new_version(update.target, update.item)
