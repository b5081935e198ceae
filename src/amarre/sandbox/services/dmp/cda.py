"""Judges that a CDA says the same thing as its XDS metadata.

Source: CI-SIS "Volet Partage de documents de santé", correspondence between CDA header and metadata. The
content of the CDA itself is judged by the official suite, not here.
"""

from __future__ import annotations

import datetime

from lxml import etree

from amarre.interop.common.xml import XmlError, parse_foreign
from amarre.sandbox.services.dmp import metadata
from amarre.sandbox.services.dmp.metadata import CX_INS, RegistryObject
from amarre.sandbox.services.dmp.rules import Judge

HL7 = {"h": "urn:hl7-org:v3"}
ROOT = "{urn:hl7-org:v3}ClinicalDocument"
# ASS_A12: media type of a non-structured body → formatCode.
FORMATS = {
    "application/pdf": "urn:ihe:iti:xds-sd:pdf:2008",
    "text/plain": "urn:ihe:iti:xds-sd:text:2008",
    "text/rtf": "urn:ihe:iti-fr:xds-sd:rtf:2010",
    "image/jpeg": "urn:ihe:iti-fr:xds-sd:jpeg:2010",
    "image/tiff": "urn:ihe:iti-fr:xds-sd:tiff:2010",
}


def judge_cda(data: bytes, entry: RegistryObject, judge: Judge) -> None:
    """Write every remark about one CDA and its metadata."""
    try:
        root = parse_foreign(data)
    except XmlError as error:
        judge.check("cda.readable", False, error.code, received=error.explanation().what)
        return
    if not judge.check("cda.readable", root.tag == ROOT, received=str(root.tag)):
        return
    identifier = root.find("h:id", HL7)
    unique = ""
    if identifier is not None:
        unique = "^".join(item for item in (identifier.get("root"), identifier.get("extension")) if item)
    judge.check("cda.id", unique == entry.identifiers.get(metadata.ENTRY_UNIQUE), unique)
    found = CX_INS.fullmatch(entry.identifiers.get(metadata.ENTRY_PATIENT, ""))
    patients = {
        (item.get("extension"), item.get("root"))
        for item in root.findall("h:recordTarget/h:patientRole/h:id", HL7)
    }
    shown = " ; ".join(f"{extension} ({oid})" for extension, oid in sorted(patients, key=str))
    same = found is not None and (found["id"], found["oid"]) in patients
    judge.check("cda.patient", same, received=f"{shown} dans le CDA")
    judge.check_all("cda.agrees", _differences(root, entry))
    body = root.find("h:component/h:nonXMLBody/h:text", HL7)
    if body is not None:
        media = body.get("mediaType", "")
        judge.check("cda.format", FORMATS.get(media) == entry.code(metadata.FORMAT).code, media)


def _differences(root: etree._Element, entry: RegistryObject) -> list[str]:
    facility = "h:componentOf/h:encompassingEncounter/h:location/h:healthCareFacility/h:code"
    practice = (
        "h:documentationOf/h:serviceEvent/h:performer/h:assignedEntity/h:representedOrganization"
        "/h:standardIndustryClassCode"
    )
    problems = []
    if " ".join((root.findtext("h:title", "", HL7)).split()) != " ".join(entry.title.split()):
        problems.append("titre")
    for label, path, scheme in (
        ("type", "h:code", metadata.TYPE),
        ("secteur d'activité", facility, metadata.FACILITY),
        ("cadre d'exercice", practice, metadata.PRACTICE),
    ):
        wanted = entry.code(scheme)
        found = [(item.get("code"), item.get("codeSystem")) for item in root.findall(path, HL7)]
        if found and (wanted.code, wanted.system) not in found:
            problems.append(label)
    time = root.find("h:effectiveTime", HL7)
    if time is None or _utc(time.get("value", "")) != entry.slot("creationTime")[:14]:
        problems.append("date de création")
    return problems


def _utc(value: str) -> str:
    """Return an HL7 time with a zone as AAAAMMJJhhmmss in UTC, "" when it cannot be read."""
    try:
        instant = datetime.datetime.strptime(value, "%Y%m%d%H%M%S%z")
    except ValueError:
        return ""
    return instant.astimezone(datetime.UTC).strftime("%Y%m%d%H%M%S")
