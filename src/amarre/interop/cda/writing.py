"""The generic CDA types as lxml elements (identifiers, codes, names, addresses, times).

Source: CI-SIS Structuration minimale V1.16.8, generic types.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from lxml import etree

from amarre.interop.cda.codes import CDA_NS
from amarre.interop.cda.parts import Address, Identifier, Organization, PersonName, Telecom
from amarre.interop.ins.traits import BirthDate
from amarre.interop.terminology import Code


def add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    """Append a CDA element with attributes in the order given, and return it."""
    return etree.SubElement(parent, f"{{{CDA_NS}}}{tag}", attributes)


def add_id(parent: etree._Element, identifier: Identifier) -> None:
    """Append ``id``; the extension is written only when there is one."""
    if identifier.extension:
        add(parent, "id", root=identifier.root, extension=identifier.extension)
    else:
        add(parent, "id", root=identifier.root)


def add_ids(parent: etree._Element, identifiers: Iterable[Identifier]) -> None:
    """Append one ``id`` per identifier."""
    for identifier in identifiers:
        add_id(parent, identifier)


def add_code(parent: etree._Element, tag: str, code: Code) -> etree._Element:
    """Append a coded value: code, displayName, codeSystem."""
    return add(parent, tag, code=code.code, displayName=code.display, codeSystem=code.system)


def add_name(parent: etree._Element, name: PersonName, *, qualifier: str = "") -> None:
    """Append ``name`` of a person other than the patient; `qualifier` only for a guardian."""
    node = add(parent, "name")
    family = add(node, "family", qualifier=qualifier) if qualifier else add(node, "family")
    family.text = name.family
    for tag in ("given", "prefix", "suffix"):
        if value := getattr(name, tag):
            add(node, tag).text = value


def add_address(parent: etree._Element, address: Address) -> None:
    """Append ``addr``, structured when the parts are known, else as street lines."""
    node = add(parent, "addr", use=address.use) if address.use else add(parent, "addr")
    if address.lines:
        for line in address.lines[:7]:
            add(node, "streetAddressLine").text = line
        return
    parts = (
        ("houseNumber", address.house_number),
        ("streetName", address.street_name),
        ("additionalLocator", address.additional),
        ("postalCode", address.postal_code),
        ("city", address.city),
        ("country", address.country),
    )
    for tag, value in parts:
        if value:
            add(node, tag).text = value


def add_contact(
    parent: etree._Element,
    addresses: Iterable[Address],
    telecoms: Iterable[Telecom],
    *,
    required: bool = False,
) -> None:
    """Append ``addr`` then ``telecom``; when `required`, an absent one is written "not asked" (NASK)."""
    addresses, telecoms = tuple(addresses), tuple(telecoms)
    for address in addresses:
        add_address(parent, address)
    if required and not addresses:
        add(parent, "addr", nullFlavor="NASK")
    add_telecoms(parent, telecoms)
    if required and not telecoms:
        add(parent, "telecom", nullFlavor="NASK")


def add_telecoms(parent: etree._Element, telecoms: Iterable[Telecom]) -> None:
    """Append one ``telecom`` per address."""
    for telecom in telecoms:
        node = add(parent, "telecom", value=telecom.value)
        if telecom.use:
            node.set("use", telecom.use)


def add_organization(
    parent: etree._Element, tag: str, organization: Organization, *, practice_setting: bool = False
) -> None:
    """Append an organization: id, name, telecom, addr, and its practice setting where it is asked for."""
    node = add(parent, tag)
    add_id(node, organization.identifier)
    add(node, "name").text = organization.name
    add_telecoms(node, organization.telecoms)
    for address in organization.addresses:
        add_address(node, address)
    if practice_setting and organization.practice_setting:
        add_code(node, "standardIndustryClassCode", organization.practice_setting)


def format_instant(value: datetime.datetime, zone: datetime.tzinfo) -> str:
    """Return ``AAAAMMJJhhmmss±ZZzz`` in local time."""
    return value.astimezone(zone).strftime("%Y%m%d%H%M%S%z")


def format_minute(value: datetime.datetime, zone: datetime.tzinfo) -> str:
    """Return ``AAAAMMJJhhmm±ZZzz`` in local time."""
    return value.astimezone(zone).strftime("%Y%m%d%H%M%z")


def format_birth(date: BirthDate) -> str:
    """Return ``AAAAMMJJ``, or ``AAAAMM`` / ``AAAA`` when INSi gave 00 for what is unknown."""
    year, month, day = date.text.split("-")
    if month == "00":
        return year
    return f"{year}{month}" if day == "00" else f"{year}{month}{day}"
