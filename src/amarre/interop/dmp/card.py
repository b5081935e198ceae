"""Mode DIRECTE: a professional's card in the place of the establishment's certificate.

Source: SEL-MP-037 (VIHF by CPS or CPF: issuer, holder, structure and sector come from the card). The card is
behind `CardSigner`: a software key stands in for it in the sandbox and in tests; a driver of real cards only
has to give the same four things.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from amarre.interop.common.xmldsig import SignatureAlgorithm, Signer
from amarre.interop.dmp.errors import DmpCardHolderMismatch, DmpCardUnusable
from amarre.interop.dmp.model import (
    Actor,
    AuthenticationContext,
    AuthenticationMode,
    CardKind,
    DmpProfile,
    Structure,
)


class CardSigner(Signer, Protocol):
    """The signature key of a card (never the authentication one). `sign` raises DmpCardUnusable."""


@dataclass(frozen=True, slots=True)
class SoftwareCardSigner:
    """A key held in memory, in the place of a card: sandbox and tests."""

    key: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate = field(repr=False)
    chain: tuple[x509.Certificate, ...] = field(default=(), repr=False)

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        """Return the signature. Raises DmpCardUnusable when the key is not the certificate's."""
        public = self.certificate.public_key()
        if not isinstance(public, rsa.RSAPublicKey) or public != self.key.public_key():
            raise DmpCardUnusable()
        return self.key.sign(data, padding.PKCS1v15(), algorithm.hash())


@dataclass(frozen=True, slots=True)
class Card:
    """A card in its reader. `structure` is the activity chosen among those of the card."""

    signer: CardSigner
    kind: CardKind
    holder: Actor
    structure: Structure


def profile_of_card(profile: DmpProfile, card: Card) -> DmpProfile:
    """Return the profile of a connector in mode DIRECTE: everything that says who calls comes from the card.

    Raises DmpCardHolderMismatch when the certificate is not the holder's.
    """
    check_holder(card.signer.certificate, card.holder)
    return replace(
        profile,
        mode=AuthenticationMode.DIRECTE,
        credentials=card.signer,
        structure=card.structure,
        responsible=replace(card.holder, context=AuthenticationContext.SMARTCARD),
        card=card.kind,
    )


def check_holder(certificate: x509.Certificate, actor: Actor) -> None:
    """Raise DmpCardHolderMismatch unless a CN of the certificate is the national identifier of the actor."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if actor.identifier not in {name.value for name in names}:
        raise DmpCardHolderMismatch()
