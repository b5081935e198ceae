"""Software keys in the place of professional cards (CPS, CPE), all marked FICTIF, made at run time.

Shaped like IGC-Santé, gamme Forte, personnes physiques: an authority of its own, a signature certificate per
card whose CN is the national identifier of the holder. A generic card (CPE of a service) names no person: it
has neither surname nor given name, which is how this sandbox tells it apart (unconfirmed for the real
service).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from amarre.cast import ESTABLISHMENTS, PERSONAS
from amarre.interop.common.clock import Clock
from amarre.sandbox import pki

AUTHORITY_CN = "TEST AC IGC-SANTE FORT PERSONNES (FICTIF)"
GENERIC = "generique"
EXPIRED = "expiree"
# Personas of the cast who hold a card, by key. One of them is enough for each role of the scenarios.
HOLDERS = ("maud-keravel", "nadege-le-goff")
CARD_DAYS = 3 * 365


@dataclass(frozen=True, slots=True)
class CardPaths:
    """Files of one card (certificate, key without password) and of the authority of cards."""

    certificate: Path
    key: Path
    authority: Path


def card_paths(data_dir: Path, name: str) -> CardPaths:
    """Return where the card of a persona, GENERIC or EXPIRED, is kept under `data_dir`."""
    folder = data_dir / "pki" / "cards"
    return CardPaths(folder / f"{name}.pem", folder / f"{name}.key", folder / "authority.pem")


def authorities(data_dir: Path) -> tuple[x509.Certificate, ...]:
    """Return the authority that gives cards."""
    path = data_dir / "pki" / "cards" / "authority.pem"
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))


def ensure(data_dir: Path, clock: Clock) -> None:
    """Create the cards when they are missing; they live and die with the folder of the authority."""
    if (data_dir / "pki" / "cards" / "authority.pem").exists():
        return
    now = clock.now()
    end = now + datetime.timedelta(days=CARD_DAYS)
    authority = pki.new_authority(AUTHORITY_CN, now)
    people = {persona.key: persona for persona in PERSONAS}
    for key in HOLDERS:
        persona = people[key]
        subject = _subject(persona.subject_name_id, persona.title, persona.family_name, persona.given_name)
        _issue(data_dir, key, subject, authority, now, end)
    generic = _subject(f"3{ESTABLISHMENTS[0].finess_eg}/CPE00001", "CPE", "", "")
    _issue(data_dir, GENERIC, generic, authority, now, end)
    first = people[HOLDERS[0]]
    old = _subject(first.subject_name_id, first.title, first.family_name, first.given_name)
    day = datetime.timedelta(days=1)
    _issue(data_dir, EXPIRED, old, authority, now - 30 * day, now - day)
    # Written last: it tells that every card is there.
    pki.write_certificates(card_paths(data_dir, GENERIC).authority, [authority.certificate])


def _subject(identifier: str, title: str, family: str, given: str) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, pki.MARK),
        x509.NameAttribute(NameOID.TITLE, title),
    ]
    if family:
        parts.append(x509.NameAttribute(NameOID.SURNAME, family))
        parts.append(x509.NameAttribute(NameOID.GIVEN_NAME, given))
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, identifier))
    return x509.Name(parts)


def _issue(
    data_dir: Path,
    name: str,
    subject: x509.Name,
    authority: pki.Authority,
    start: datetime.datetime,
    end: datetime.datetime,
) -> None:
    """Give a card: keyUsage nonRepudiation alone (signature key of the card)."""
    key, builder = pki.new_leaf(subject, authority, start, end)
    certificate = builder.sign(authority.key, hashes.SHA256())
    paths = card_paths(data_dir, name)
    pki.write_pair(paths.key.with_suffix(""), [certificate, authority.certificate], key)
