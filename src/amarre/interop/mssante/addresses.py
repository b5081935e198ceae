"""Addresses: shape, accepted domains, citizen address, sender label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from amarre.interop.mssante.codes import CITIZEN_DOMAIN, DEFAULT_DOMAINS
from amarre.interop.mssante.errors import AddressMalformed, AddressOutsideMssante, CitizenNeedsQualifiedIns

if TYPE_CHECKING:
    from amarre.interop.ins import QualifiedIdentity

# A dot-atom and a domain of at least two labels (RFC 5321 §4.1.2). Quoted local parts and address literals
# are refused on purpose: no MSSanté directory publishes any, and they carry injections.
_ADDRESS = re.compile(
    r"(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)


def normalise(address: str) -> str:
    """Return the address with its domain in lower case and outer blanks removed.

    Raises AddressMalformed. The local part keeps its case (RFC 5321 §2.4).
    """
    text = address.strip(" \t")
    match = _ADDRESS.fullmatch(text)
    if match is None or len(text) > 254 or len(match["local"]) > 64:
        raise AddressMalformed()
    return f"{match['local']}@{match['domain'].lower()}"


def domain_of(address: str) -> str:
    """Return the lower-case domain of an address. Raises AddressMalformed."""
    return normalise(address).rpartition("@")[2]


def is_accepted(address: str, domains: Sequence[str] = DEFAULT_DOMAINS) -> bool:
    """Tell whether the domain of `address` is one of `domains` ("*.example.fr" accepts sub-domains).

    Raises AddressMalformed.
    """
    domain = domain_of(address)
    for pattern in domains:
        if pattern.startswith("*."):
            if domain.endswith(pattern[1:]) and len(domain) > len(pattern) - 1:
                return True
        elif domain == pattern:
            return True
    return False


def check_recipient(address: str, domains: Sequence[str] = DEFAULT_DOMAINS) -> str:
    """Return the normalised address. Raises AddressMalformed or AddressOutsideMssante."""
    clean = normalise(address)
    if not is_accepted(clean, domains):
        raise AddressOutsideMssante(domain=domain_of(clean))
    return clean


def is_citizen(address: str) -> bool:
    """Tell whether the address is that of an usager in Mon espace santé. Raises AddressMalformed."""
    return domain_of(address) == CITIZEN_DOMAIN


def citizen_address(identity: QualifiedIdentity) -> str:
    """Return the usager's address: the 15 characters of the matricule INS at the citizen domain.

    Source: Mon espace santé, Messagerie, v1.3. The address is derived each time, never stored.
    Raises CitizenNeedsQualifiedIns when given anything but a qualified identity.
    """
    # Imported here: a message between professionals needs nothing of the INS package.
    from amarre.interop.ins import QualifiedIdentity

    if not isinstance(identity, QualifiedIdentity):
        raise CitizenNeedsQualifiedIns()
    return normalise(identity.citizen_mailbox)


def professional_label(given_name: str, family_name: str, *, title: str = "", entity: str = "") -> str:
    """Return the sender label of a personal mailbox: `<Titre>_<Prénom>_<NOM>_<Entité>` (ECO.2.2.7)."""
    parts = [title, given_name, family_name.upper(), entity]
    return "_".join(part.strip() for part in parts if part.strip())
