"""The parts every CDA role is made of: identifiers, names, addresses, organizations, professionals.

Source: ANS, CI-SIS, Volet Structuration minimale des documents de santé, V1.16.8 (05/05/2026), generic types.
"""

from __future__ import annotations

from dataclasses import dataclass

from amarre.interop.terminology import Code


@dataclass(frozen=True, slots=True)
class Identifier:
    """An HL7 instance identifier: OID of the authority and value given by it (empty: the OID alone)."""

    root: str
    extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address: structured parts, or free `lines` (7 at most) when the parts are not known."""

    use: str = ""
    lines: tuple[str, ...] = ()
    house_number: str = ""
    street_name: str = ""
    additional: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Telecom:
    """A telephone, fax, mail or web address; `value` starts with its prefix (``tel:``, ``mailto:``…)."""

    value: str
    use: str = ""


@dataclass(frozen=True, slots=True)
class PersonName:
    """Name of a person other than the patient. `prefix` from JDV_J245, `suffix` from JDV_J246."""

    family: str
    given: str = ""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A structure. `identifier` is its Struct_IdNat (see `amarre.interop.cda.codes`)."""

    identifier: Identifier
    name: str
    practice_setting: Code | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Professional:
    """A professional in a structure. `identifier` is the PS_IdNat, `code` comes from JDV_J01."""

    identifier: Identifier
    name: PersonName
    code: Code | None
    organization: Organization | None
    function: Code | None = None
    other_ids: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
