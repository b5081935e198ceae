"""TD2.1: judges a ProvideAndRegisterDocumentSet-b request and registers its documents.

Sources: IHE ITI TF-2 §3.41 and TF-3 §4.2, CI-SIS "Volet Partage de documents de santé", SEL-MP-037 TD2.1.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from cryptography import x509
from lxml import etree

from amarre.sandbox.services.dmp import metadata, people
from amarre.sandbox.services.dmp.cda import judge_cda
from amarre.sandbox.services.dmp.envelope import Envelope
from amarre.sandbox.services.dmp.metadata import RegistryObject, Submission
from amarre.sandbox.services.dmp.registry import (
    APPROVED,
    SIGNATURE_TYPE,
    NewDocument,
    Registry,
    digest,
)
from amarre.sandbox.services.dmp.rules import Judge, class_of_type, value_set
from amarre.sandbox.services.dmp.vihf import Vihf
from amarre.sandbox.services.dmp.xades import Signed, judge_signature
from amarre.sandbox.words import counted

XDSB = "urn:ihe:iti:xds-b:2007"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
TOLERANCE = datetime.timedelta(minutes=5)
SET_REQUIRED = {
    "patientId": metadata.SET_PATIENT,
    "sourceId": metadata.SET_SOURCE,
    "uniqueId": metadata.SET_UNIQUE,
}
ENTRY_IDENTIFIERS = {"patientId": metadata.ENTRY_PATIENT, "uniqueId": metadata.ENTRY_UNIQUE}
ENTRY_CODES = {
    "classCode": (metadata.CLASS, "JDV_J57"),
    "typeCode": (metadata.TYPE, "JDV_J66"),
    "confidentialityCode": (metadata.CONFIDENTIALITY, "JDV_J58"),
    "formatCode": (metadata.FORMAT, "JDV_J60"),
    "healthcareFacilityTypeCode": (metadata.FACILITY, "JDV_J61"),
    "practiceSettingCode": (metadata.PRACTICE, "JDV_J62"),
}
ENTRY_SLOTS = ("creationTime", "serviceStartTime", "languageCode", "legalAuthenticator", "sourcePatientId")
ENTRY_DATES = ("creationTime", "serviceStartTime", "serviceStopTime")


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit whose objects could be read."""

    submission: Submission
    submission_set: RegistryObject
    documents: dict[str, bytes]

    @property
    def signature(self) -> RegistryObject | None:
        """The entry of the signature document."""
        found = [item for item in self.submission.entries if item.code(metadata.TYPE).code == SIGNATURE_TYPE]
        return found[0] if len(found) == 1 else None

    @property
    def clinical(self) -> list[RegistryObject]:
        """The entries of the documents themselves."""
        return [item for item in self.submission.entries if item.code(metadata.TYPE).code != SIGNATURE_TYPE]


@dataclass(frozen=True, slots=True)
class Circle:
    """What surrounds a deposit: who calls, whom the service trusts, what time it is."""

    vihf: Vihf
    authorities: tuple[x509.Certificate, ...]
    now: datetime.datetime

    @property
    def owner(self) -> str:
        """What the certificate that signs the set must carry: OU of a structure, or CN of a card."""
        return self.vihf.name_id if self.vihf.mode == "DIRECTE" else self.vihf.structure


def read_deposit(envelope: Envelope, judge: Judge) -> Deposit | None:
    """Return the deposit, None when its objects cannot be read."""
    body = envelope.body
    wanted = f"{{{XDSB}}}ProvideAndRegisterDocumentSetRequest"
    objects = None
    if body is not None and body.tag == wanted:
        objects = body.find(f"{{{LCM}}}SubmitObjectsRequest/{{{metadata.RIM}}}RegistryObjectList")
    if (
        not judge.check("xds.body", objects is not None, received="" if body is None else str(body.tag))
        or objects is None
        or body is None
    ):
        return None
    submission = metadata.read_submission(objects)
    if not judge.check("xds.set", len(submission.sets) == 1, received=counted(len(submission.sets), "lot")):
        return None
    documents = _documents(body, envelope)
    entries = {item.identifier for item in submission.entries}
    missing = [item for item in entries if not documents.get(item)]
    complete = judge.check_all("xds.documents", missing) and bool(entries)
    judge.check_all("xds.metadata", [item for item in documents if item not in entries])
    return Deposit(submission, submission.sets[0], documents) if complete else None


def _documents(body: etree._Element, envelope: Envelope) -> dict[str, bytes]:
    found = {}
    for item in body.findall(f"{{{XDSB}}}Document"):
        data = envelope.included(item)
        if data:
            found[item.get("id", "")] = data
    return found


def judge_deposit(deposit: Deposit, judge: Judge, registry: Registry, circle: Circle) -> None:
    """Write every remark about a deposit that could be read."""
    _judge_links(deposit, judge)
    _judge_required(deposit, judge)
    _judge_identifiers(deposit, judge, registry)
    _judge_patient(deposit, judge, circle.vihf)
    _judge_codes(deposit, judge)
    _judge_dates(deposit, judge, circle.now)
    _judge_forms(deposit, judge, circle.vihf)
    for entry in deposit.clinical:
        judge_cda(deposit.documents[entry.identifier], entry, judge)
    _judge_replaced(deposit, judge, registry)
    _judge_signature(deposit, judge, circle)


def new_documents(deposit: Deposit) -> list[NewDocument]:
    """Return what is to be registered, signature included."""
    replaced = {
        item.source: item.target for item in deposit.submission.associations if item.kind == metadata.REPLACE
    }
    return [
        NewDocument(item, deposit.documents[item.identifier], replaced.get(item.identifier, ""))
        for item in deposit.submission.entries
    ]


def _judge_links(deposit: Deposit, judge: Judge) -> None:
    links = deposit.submission.associations
    owner = deposit.submission_set.identifier
    members = {
        item.target
        for item in links
        if item.kind == metadata.HAS_MEMBER and item.source == owner and item.status == "Original"
    }
    problems = [item.identifier for item in deposit.submission.entries if item.identifier not in members]
    judge.check_all("xds.links", problems)
    known = {owner, *(item.identifier for item in deposit.submission.entries)}
    dangling = [
        f"{item.source} → {item.target}"
        for item in links
        if item.source not in known or (item.target not in known and item.kind != metadata.REPLACE)
    ]
    judge.check_all("xds.references", dangling)


def _judge_required(deposit: Deposit, judge: Judge) -> None:
    lot = deposit.submission_set
    problems = [name for name, scheme in SET_REQUIRED.items() if not lot.identifiers.get(scheme)]
    if not lot.slot("submissionTime"):
        problems.append("submissionTime")
    if not lot.code(metadata.CONTENT_TYPE).code:
        problems.append("contentTypeCode")
    if not any(author.slots.get("authorPerson") for author in lot.authors):
        problems.append("author")
    judge.check_all("xds.set-required", problems)
    problems = []
    for entry in deposit.submission.entries:
        absent = [name for name, scheme in ENTRY_IDENTIFIERS.items() if not entry.identifiers.get(scheme)]
        absent += [name for name, (scheme, _) in ENTRY_CODES.items() if not entry.code(scheme).code]
        absent += [name for name in ENTRY_SLOTS if not entry.slot(name)]
        if not any(author.slots.get("authorPerson") for author in entry.authors):
            absent.append("author")
        if not entry.title:
            absent.append("title")
        if not entry.mime_type:
            absent.append("mimeType")
        problems += [f"{entry.identifier} {name}" for name in absent]
    judge.check_all("xds.entry-required", problems)


def _judge_identifiers(deposit: Deposit, judge: Judge, registry: Registry) -> None:
    set_id = deposit.submission_set.identifiers.get(metadata.SET_UNIQUE, "")
    ids = [item.identifiers.get(metadata.ENTRY_UNIQUE, "") for item in deposit.submission.entries]
    bad = [item for item in (set_id, *ids) if not metadata.OID.fullmatch(item.partition("^")[0])]
    judge.check_all("xds.uniqueid-form", bad)
    shown = " ; ".join((set_id, *ids))
    judge.check("xds.duplicate-message", len({set_id, *ids}) == len(ids) + 1, received=shown)
    again, changed = [], []
    if registry.has_set(set_id):
        again.append(set_id)
    for item in deposit.submission.entries:
        known = registry.by_unique_id(item.identifiers.get(metadata.ENTRY_UNIQUE, ""))
        if known is not None and known.hash != digest(deposit.documents[item.identifier]):
            changed.append(known.unique_id)
        elif known is not None:
            again.append(known.unique_id)
    judge.check_all("xds.hash", changed)
    judge.check_all("xds.duplicate-registry", again)


def _judge_patient(deposit: Deposit, judge: Judge, vihf: Vihf) -> None:
    patient = deposit.submission_set.identifiers.get(metadata.SET_PATIENT, "")
    found = metadata.CX_INS.fullmatch(patient)
    others = [item.identifiers.get(metadata.ENTRY_PATIENT, "") for item in deposit.submission.entries]
    same = {_ins(item) for item in others} == {_ins(patient)} and bool(found)
    judge.check("xds.patient", same, received=" ; ".join(dict.fromkeys((patient, *others))))
    named = bool(found) and _ins(vihf.patient) == _ins(patient)
    judge.check("vihf.patient", named, received=f"{vihf.patient}, pour {patient}")
    person = people.find(found["id"], found["oid"]) if found else None
    known = person is not None and person.state is not people.DmpState.ABSENT
    if judge.check("xds.person", known, received=patient) and person is not None:
        judge.check("xds.open", person.state is people.DmpState.ACTIVE, received=person.state.value)
        allowed = person.authorisation
        judge.check("rights.person", allowed is not people.Authorisation.INTERDIT, received=allowed.value)


def _ins(value: str) -> tuple[str, str] | None:
    found = metadata.CX_INS.fullmatch(value)
    return (found["id"], found["oid"]) if found else None


def _judge_codes(deposit: Deposit, judge: Judge) -> None:
    problems = []
    content = deposit.submission_set.code(metadata.CONTENT_TYPE)
    if (content.code, content.system) not in value_set("JDV_J59"):
        problems.append(f"contentTypeCode {content.code} (JDV_J59)")
    classes = []
    for entry in deposit.clinical:
        for name, (scheme, values) in ENTRY_CODES.items():
            for coded in entry.codes.get(scheme, ()):
                if (coded.code, coded.system) not in value_set(values):
                    problems.append(f"{name} {coded.code} ({values})")
        kind, group = entry.code(metadata.TYPE), entry.code(metadata.CLASS)
        expected = class_of_type(kind.code, kind.system)
        if expected and expected != group.code:
            classes.append(f"type {kind.code}, classe {group.code} au lieu de {expected}")
    judge.check_all("xds.codes", problems)
    judge.check_all("xds.class", classes)


def _judge_dates(deposit: Deposit, judge: Judge, now: datetime.datetime) -> None:
    problems = []
    limit = (now + TOLERANCE).strftime("%Y%m%d%H%M%S")
    submitted = deposit.submission_set.slot("submissionTime")
    if not metadata.DATE.fullmatch(submitted) or submitted > limit:
        problems.append("submissionTime")
    for entry in deposit.submission.entries:
        for name in ENTRY_DATES:
            value = entry.slot(name)
            if value and not metadata.DATE.fullmatch(value):
                problems.append(f"{entry.identifier} {name}")
        if entry.slot("creationTime") > limit:
            problems.append(f"{entry.identifier} creationTime dans le futur")
        start, stop = entry.slot("serviceStartTime"), entry.slot("serviceStopTime")
        size = min(len(start), len(stop))
        if stop and start[:size] > stop[:size]:
            problems.append(f"{entry.identifier} serviceStopTime avant serviceStartTime")
    judge.check_all("xds.dates", problems)


def _judge_forms(deposit: Deposit, judge: Judge, vihf: Vihf) -> None:
    problems = []
    structures = set()
    for item in (deposit.submission_set, *deposit.submission.entries):
        for author in item.authors:
            for value in author.slots.get("authorPerson", ()):
                if not metadata.XCN.fullmatch(value):
                    problems.append(f"{item.identifier} authorPerson")
            for value in author.slots.get("authorInstitution", ()):
                if not metadata.XON.fullmatch(value):
                    problems.append(f"{item.identifier} authorInstitution")
                structures.add(value.rpartition("^")[2])
    for entry in deposit.submission.entries:
        signer, local = entry.slot("legalAuthenticator"), entry.slot("sourcePatientId")
        if signer and not metadata.XCN.fullmatch(signer):
            problems.append(f"{entry.identifier} legalAuthenticator")
        if local and not (metadata.CX_LOCAL.fullmatch(local) or metadata.CX_INS.fullmatch(local)):
            problems.append(f"{entry.identifier} sourcePatientId")
    judge.check_all("xds.identifiers", problems)
    shown = f"{', '.join(sorted(structures))}, certificat de {vihf.structure}"
    judge.check("xds.structure", vihf.mode == "DIRECTE" or structures <= {vihf.structure}, received=shown)


def _judge_replaced(deposit: Deposit, judge: Judge, registry: Registry) -> None:
    targets = [item.target for item in deposit.submission.associations if item.kind == metadata.REPLACE]
    if not targets:
        return
    found = [registry.by_uuid(target) for target in targets]
    shown = " ; ".join(
        f"{target} : {'inconnu' if item is None else item.status.rpartition(':')[2]}"
        for target, item in zip(targets, found, strict=True)
    )
    current = all(item is not None and item.status == APPROVED for item in found)
    judge.check("xds.replace", current, received=shown)


def _judge_signature(deposit: Deposit, judge: Judge, circle: Circle) -> None:
    entry = deposit.signature
    owner = deposit.submission_set
    linked = entry is not None and any(
        item.kind == metadata.SIGNS and item.source == entry.identifier and item.target == owner.identifier
        for item in deposit.submission.associations
    )
    if not judge.check("xades.present", linked) or entry is None:
        return
    expected = {
        "titre": (entry.title, "Source"),
        "languageCode": (entry.slot("languageCode"), "art"),
        "mimeType": (entry.mime_type, "text/xml"),
        "classCode": (entry.code(metadata.CLASS).code, "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1"),
        "formatCode": (entry.code(metadata.FORMAT).code, "http://www.w3.org/2000/09/xmldsig#"),
        "eventCode": (entry.code(metadata.EVENT).code, "1.2.840.10065.1.12.1.14"),
    }
    problems = [name for name, (value, wanted) in expected.items() if value != wanted]
    hidden = {item.code for item in entry.codes.get(metadata.CONFIDENTIALITY, ())}
    if not {"N", "MASQUE_PS", "INVISIBLE_PATIENT"} <= hidden:
        problems.append("confidentialityCode")
    judge.check_all("xades.entry", problems)
    signed = Signed(
        owner.identifiers.get(metadata.SET_UNIQUE, ""),
        {
            item.identifiers.get(metadata.ENTRY_UNIQUE, ""): deposit.documents[item.identifier]
            for item in deposit.clinical
        },
    )
    judge_signature(
        deposit.documents[entry.identifier],
        judge,
        signed,
        now=circle.now,
        authorities=circle.authorities,
        owner=circle.owner,
    )
