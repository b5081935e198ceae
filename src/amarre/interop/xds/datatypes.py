"""HL7 v2 encodings inside XDS metadata: CX, XCN, XON, times.

Source: IHE ITI TF-3 §4.2.3.1.7 (data types) and the French profiles of the Volet Partage.
"""

from __future__ import annotations

import datetime
import re

from amarre.interop.terminology import Code
from amarre.interop.xds.model import (
    STRUCT_ROOT,
    Institution,
    PatientId,
    PatientInfo,
    Person,
)

_ESCAPES = {"\\": "\\E\\", "^": "\\S\\", "&": "\\T\\", "|": "\\F\\", "~": "\\R\\"}


def escape(text: str) -> str:
    """Return text with the HL7 v2 delimiters escaped (``^`` → ``\\S\\`` …) and no control character."""
    return "".join(_ESCAPES.get(char, char) for char in text if char.isprintable())


def cx(patient: PatientId) -> str:
    """Return a CX: ``value^^^&OID&ISO^type``."""
    return f"{escape(patient.value)}^^^&{patient.authority}&ISO^{patient.kind}"


def parse_cx(text: str) -> PatientId | None:
    """Return the identifier a CX carries, None when it has another shape. A trailing date is ignored."""
    match = re.fullmatch(r"([^^&|~]+)\^\^\^&([0-9.]+)&ISO(?:\^([A-Z]*)(?:\^.*)?)?", text.strip())
    return PatientId(match[1], match[2], match[3] or "") if match else None


def xcn(person: Person) -> str:
    """Return an XCN. Raises ValueError when the family or given name is empty: the DMP rejects it."""
    if not person.family.strip() or not person.given.strip():
        raise ValueError("an XCN needs a family name and a given name")
    names = f"{escape(person.family)}^{escape(person.given)}"
    return f"{escape(person.identifier)}^{names}^^^^^^&{person.authority}&ISO^{person.kind.value}"


def xon(institution: Institution) -> str:
    """Return the XON of a structure identified by its Struct_IdNat."""
    return f"{escape(institution.name)}^^^^^&{STRUCT_ROOT}&ISO^IDNST^^^{escape(institution.identifier)}"


def coded_string(code: Code) -> str:
    """Return ``code^label^system``, the form of authorSpecialty."""
    return f"{escape(code.code)}^{escape(code.display)}^{code.system}"


_UNESCAPE = re.compile(r"\\([ESTFR])\\")
_UNESCAPED = {"E": "\\", "S": "^", "T": "&", "F": "|", "R": "~"}


def unescape(text: str) -> str:
    """Return a component with its HL7 v2 escape sequences read back."""
    return _UNESCAPE.sub(lambda match: _UNESCAPED[match[1]], text)


def parse_xcn(text: str) -> tuple[str, str]:
    """Return (identifier, "GIVEN FAMILY") of an XCN; what is absent is ""."""
    parts = [unescape(part) for part in text.split("^")]
    parts += [""] * (3 - len(parts))
    return parts[0], " ".join(part for part in (parts[2], parts[1]) if part)


def parse_xon(text: str) -> tuple[str, str]:
    """Return (name, identifier) of an XON: the identifier is its tenth component."""
    parts = [unescape(part) for part in text.split("^")]
    return parts[0], parts[9] if len(parts) > 9 else ""


def parse_coded_string(text: str) -> Code | None:
    """Return the code of ``code^label^system``, None when there is none."""
    parts = [unescape(part) for part in text.split("^")]
    return Code(parts[0], parts[1], parts[2]) if len(parts) == 3 and parts[0] else None


def source_patient_info(info: PatientInfo) -> tuple[str, ...]:
    """Return the values of the slot sourcePatientInfo: PID-5, PID-7, PID-8."""
    return (
        f"PID-5|{escape(info.family)}^{escape(info.given)}^^^^^L",
        f"PID-7|{info.birth_date}",
        f"PID-8|{info.sex}",
    )


def utc(instant: datetime.datetime) -> str:
    """Return a DTM in UTC to the second. Raises ValueError for a naive datetime."""
    if instant.tzinfo is None:
        raise ValueError("XDS times are written from aware datetimes")
    return instant.astimezone(datetime.UTC).strftime("%Y%m%d%H%M%S")


def parse_utc(text: str) -> datetime.datetime | None:
    """Return the instant of a UTC DTM (day to second precision), None when it is absent or malformed."""
    digits = text.strip()
    formats = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
    if not digits.isdigit() or len(digits) not in formats:
        return None
    try:
        return datetime.datetime.strptime(digits, formats[len(digits)]).replace(tzinfo=datetime.UTC)
    except ValueError:
        return None
