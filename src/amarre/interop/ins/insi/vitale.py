"""What a carte Vitale holds, the port of its reader, and the choice of the person present.

Sources: SEL-MP-043 (WS_INS1), INSi_RECVITALE_INS.xsd, ROOT_ctxbam_CTXBAM_V01_02.xsd (COUVERTURE). A card
carries its holder and the persons attached to it: nobody but the operator can tell which one is present. The
card only triggers the search; the identity is what INSi answers.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Protocol

from amarre.interop.ins.insi.errors import VitaleBeneficiaryNotChosen, VitaleCardUnreadable
from amarre.interop.ins.insi.model import VitaleCoverage, VitaleQuery

MAX_CARD_BYTES = 64_000
MAX_BENEFICIARIES = 19  # rank of a beneficiary is written on at most two digits, 1 to 19 on the card

_NIR = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{6}")
_KEY = re.compile(r"[0-9]{2}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, repr=False)
class VitaleBeneficiary:
    """One person of the card. `nir` is the certified NIR, 13 characters, "" when the card has none.

    `date_naissance` is AAAA-MM-JJ, as the card says it ("lunar" dates included); `rang` tells twins apart.
    """

    nom_naissance: str
    nom_utilise: str
    prenom: str
    date_naissance: str
    rang: str
    nir: str = ""
    cle: str = ""
    certified_on: str = ""

    def __repr__(self) -> str:
        """Hide the values."""
        return "VitaleBeneficiary(…)"

    @property
    def label(self) -> str:
        """How the operator recognises the person: names and birth date, never the NIR."""
        used = f" ({self.nom_utilise})" if self.nom_utilise else ""
        year, month, day = self.date_naissance.split("-")
        return f"{self.nom_naissance or self.nom_utilise}{used} {self.prenom}, {day}/{month}/{year}"


@dataclass(frozen=True, slots=True, repr=False)
class VitaleCard:
    """A card: the insured person's NIR and coverage, and every person on it, holder first."""

    nir_od: str
    cle_od: str
    regime: str
    organisme: str
    centre: str
    beneficiaries: tuple[VitaleBeneficiary, ...]

    def __repr__(self) -> str:
        """Hide the values."""
        return f"VitaleCard({len(self.beneficiaries)} beneficiaries)"


class VitaleReader(Protocol):
    """A reader of cartes Vitale. The real one is the establishment's; the sandbox gives files."""

    def read(self) -> VitaleCard:
        """Return the card inserted. Raises VitaleCardUnreadable."""
        ...


def choose(card: VitaleCard, rank: int | None = None) -> VitaleBeneficiary:
    """Return the person the operator chose, by position on the card (1 is the holder).

    None is enough when the card holds one person. Raises VitaleBeneficiaryNotChosen.
    """
    if rank is None and len(card.beneficiaries) == 1:
        return card.beneficiaries[0]
    if rank is None or not 1 <= rank <= len(card.beneficiaries):
        raise VitaleBeneficiaryNotChosen(count=len(card.beneficiaries))
    return card.beneficiaries[rank - 1]


def vitale_query(card: VitaleCard, beneficiary: VitaleBeneficiary) -> VitaleQuery:
    """Return the WS_INS1 criteria for one person of the card."""
    return VitaleQuery(
        nir_individu=beneficiary.nir,
        cle_individu=beneficiary.cle,
        nir_od=card.nir_od,
        cle_od=card.cle_od,
        nom_naissance=beneficiary.nom_naissance,
        date_naissance=beneficiary.date_naissance,
        rang=beneficiary.rang,
        coverage=VitaleCoverage(
            regime=card.regime,
            organisme=card.organisme,
            centre=card.centre,
            holder=beneficiary is card.beneficiaries[0],
            certified_on=beneficiary.certified_on,
        ),
    )


def vitale_card_from_json(data: bytes) -> VitaleCard:
    """Read the content of a simulated card. Raises VitaleCardUnreadable for anything else.

    Shape: {"format": "amarre-vitale-1", "ouvrant_droit": {"nir", "cle"}, "couverture": {"regime",
    "organisme", "centre"}, "beneficiaires": [{"nom_naissance", "nom_utilise", "prenom", "date_naissance",
    "rang", "nir", "cle", "nir_certifie_le"}, …]}.
    """
    if len(data) > MAX_CARD_BYTES:
        raise VitaleCardUnreadable(reason="son contenu est anormalement long")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise VitaleCardUnreadable(reason="le lecteur n'a pas rendu le contenu d'une carte") from None
    if not isinstance(document, dict) or document.get("format") != "amarre-vitale-1":
        raise VitaleCardUnreadable(reason="ce n'est pas une carte du bac à sable")
    people = document.get("beneficiaires")
    if not isinstance(people, list) or not 1 <= len(people) <= MAX_BENEFICIARIES:
        raise VitaleCardUnreadable(reason="elle ne porte aucun bénéficiaire lisible")
    holder, coverage = _block(document, "ouvrant_droit"), _block(document, "couverture")
    nir, key = _number(holder)
    return VitaleCard(
        nir_od=nir,
        cle_od=key,
        regime=_text(coverage, "regime"),
        organisme=_text(coverage, "organisme"),
        centre=_text(coverage, "centre"),
        beneficiaries=tuple(_beneficiary(item) for item in people),
    )


def _beneficiary(item: Any) -> VitaleBeneficiary:
    """Read one person of the card. Raises VitaleCardUnreadable."""
    if not isinstance(item, dict):
        raise VitaleCardUnreadable(reason="un bénéficiaire est illisible")
    date, rank = _text(item, "date_naissance"), _text(item, "rang")
    certified = _text(item, "nir_certifie_le")
    if not _DATE.fullmatch(date) or not (rank.isascii() and rank.isdigit() and len(rank) <= 2):
        raise VitaleCardUnreadable(reason="une date ou un rang de naissance n'a pas la forme attendue")
    if certified and not _DATE.fullmatch(certified):
        raise VitaleCardUnreadable(reason="une date de certification n'a pas la forme attendue")
    nir, key = _number(item)
    return VitaleBeneficiary(
        nom_naissance=_text(item, "nom_naissance"),
        nom_utilise=_text(item, "nom_utilise"),
        prenom=_text(item, "prenom"),
        date_naissance=date,
        rang=rank,
        nir=nir,
        cle=key,
        certified_on=certified,
    )


def _block(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name, {})
    return found if isinstance(found, dict) else {}


def _text(block: dict[str, Any], name: str) -> str:
    value = block.get(name, "")
    if not isinstance(value, str) or len(value) > 100:
        raise VitaleCardUnreadable(reason="un champ n'a pas la forme attendue")
    return value


def _number(block: dict[str, Any]) -> tuple[str, str]:
    """Return a NIR and its key, ("", "") when the card has none. Raises VitaleCardUnreadable."""
    nir, key = _text(block, "nir"), _text(block, "cle")
    if not nir and not key:
        return "", ""
    if not _NIR.fullmatch(nir) or not _KEY.fullmatch(key):
        raise VitaleCardUnreadable(reason="un NIR n'a pas la forme attendue")
    return nir, key
