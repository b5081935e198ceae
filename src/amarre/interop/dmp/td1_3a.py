"""TD1.3a: the administrative data of a DMP.

Sources: SEL-MP-037 (TD1.3a) and its published samples; same messages as TD0.2, another reason. These data are
shown, never copied into an identity: the INSi teleservice alone gives traits.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from lxml import etree

from amarre.interop.dmp import td0_2
from amarre.interop.dmp.errors import DmpAbsent, DmpClosed
from amarre.interop.dmp.model import DmpProfile
from amarre.interop.dmp.td0_2 import HL7, DmpState
from amarre.interop.terminology import Code
from amarre.interop.xds import PatientId

SERVICE = td0_2.SERVICE
ACTION = td0_2.ACTION
REASON = Code("CNSLT_DATA", "Consultation des données de gestion de dossier", "1.2.250.1.213.1.1.4.11")
_NS = {"h": HL7}


@dataclass(frozen=True, slots=True, repr=False)
class Representative:
    """A person linked to the holder. `link` is a code of HL7 PersonalRelationshipRoleType (FTH, MTH…)."""

    link: str
    name: str
    telecoms: tuple[str, ...] = ()
    address: str = ""

    def __repr__(self) -> str:
        return f"Representative(link={self.link!r})"


@dataclass(frozen=True, slots=True, repr=False)
class AdministrativeData:
    """What the DMP knows of its holder. What it did not give is "", () or None; its repr hides everything.

    `birth_date` is AAAAMMJJ. `opposed_break_glass` and `opposed_emergency` tell whether the person refused
    the access of professionals in an emergency, and that of the emergency call centre.
    """

    active: bool
    family_name: str
    used_name: str
    given_name: str
    sex: str
    birth_date: str
    telecoms: tuple[str, ...]
    address: str
    representatives: tuple[Representative, ...]
    opposed_break_glass: bool | None
    opposed_emergency: bool | None

    def __repr__(self) -> str:
        return f"AdministrativeData(active={self.active})"


def build_query(
    profile: DmpProfile,
    patient: PatientId,
    *,
    now: datetime.datetime,
    message_id: uuid.UUID,
    query_id: uuid.UUID,
) -> etree._Element:
    """Return the PRPA_IN201307UV02 of a consultation of administrative data."""
    return td0_2.build_query(
        profile, patient, now=now, message_id=message_id, query_id=query_id, reason=REASON
    )


def read_data(payload: etree._Element, patient: PatientId) -> AdministrativeData:
    """Return the data. Raises DmpAbsent, DmpClosed, a DmpError, or DmpUnexpectedAnswer."""
    found = td0_2.read_person(payload, patient)
    if found is DmpState.ABSENT:
        raise DmpAbsent()
    if isinstance(found, DmpState):
        raise DmpClosed()
    person = found.find("h:patientPerson", _NS)
    observations = td0_2.observations_of(found)
    status = found.find("h:statusCode", _NS)
    return AdministrativeData(
        active=status is not None and status.get("code") == "active",
        family_name=_part(person, "h:name/h:family[@qualifier='BR']"),
        used_name=_part(person, "h:name/h:family[@qualifier='SP']"),
        given_name=_part(person, "h:name/h:given"),
        sex=_value(person, "h:administrativeGenderCode", "code"),
        birth_date=_value(person, "h:birthTime", "value")[:8],
        telecoms=_telecoms(person),
        address=_address(person),
        representatives=_representatives(person),
        opposed_break_glass=_boolean(observations.get("OPPOSITION_BRIS_DE_GLACE")),
        opposed_emergency=_boolean(observations.get("OPPOSITION_ACCES_URGENCE")),
    )


def _representatives(person: etree._Element | None) -> tuple[Representative, ...]:
    links = [] if person is None else person.findall("h:personalRelationship", _NS)
    return tuple(
        Representative(
            link=_value(item, "h:code", "code"),
            name=_part(item, "h:relationshipHolder1/h:name"),
            telecoms=_telecoms(item),
            address=_address(item),
        )
        for item in links
    )


def _part(node: etree._Element | None, path: str) -> str:
    """Return the text of an element, its parts separated by one space."""
    found = None if node is None else node.find(path, _NS)
    return "" if found is None else " ".join(" ".join(str(text) for text in found.itertext()).split())


def _address(node: etree._Element | None) -> str:
    return _part(node, "h:addr")


def _telecoms(node: etree._Element | None) -> tuple[str, ...]:
    """Return each address once, without its scheme, in the order of the answer."""
    found = [] if node is None else node.findall("h:telecom", _NS)
    values = (item.get("value", "").partition(":")[2] for item in found)
    return tuple(dict.fromkeys(value for value in values if value))


def _value(node: etree._Element | None, path: str, name: str) -> str:
    found = None if node is None else node.find(path, _NS)
    return "" if found is None else found.get(name, "")


def _boolean(text: str | None) -> bool | None:
    return {"true": True, "false": False}.get(text or "")
