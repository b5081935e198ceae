"""Is this document about this person? The identity of a received document against the record.

Sources: RNIV 1 (identity received with a document is compared before the document is filed); Guide
d'implémentation de l'INS, EXI REC 08 (former matricules find the record). A person decides; nothing here
changes the record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from amarre.interop.cda.decode import ReceivedPatient
from amarre.interop.ins.compare import Comparison, Verdict, compare
from amarre.interop.ins.errors import InsError
from amarre.interop.ins.history import InsHistory
from amarre.interop.ins.matricule import Matricule, matricule_received
from amarre.interop.ins.traits import TRAIT_LABELS, BirthDate, Sexe, Trait, Traits


class InsLink(StrEnum):
    """What the matricule of the document is to the record."""

    ACTIVE = "active"
    FORMER = "former"
    OTHER = "other"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    NOT_COMPARABLE = "not_comparable"


class PatientMatch(StrEnum):
    """The conclusion. TO_CONFIRM: a professional looks before the document is filed."""

    SAME = "same"
    SAME_FORMER_INS = "same_former_ins"
    TO_CONFIRM = "to_confirm"
    DIFFERENT = "different"


SENTENCES: dict[PatientMatch, str] = {
    PatientMatch.SAME: "Ce document concerne bien cette personne : matricule et traits identiques.",
    PatientMatch.SAME_FORMER_INS: "Ce document concerne cette personne, sous un ancien matricule.",
    PatientMatch.TO_CONFIRM: "Vérifiez que ce document concerne cette personne avant de le classer.",
    PatientMatch.DIFFERENT: "Ce document semble concerner une autre personne : ne le classez pas ici.",
}
LINK_SENTENCES: dict[InsLink, str] = {
    InsLink.ACTIVE: "Le matricule est celui du dossier.",
    InsLink.FORMER: "Le matricule est un ancien matricule du dossier.",
    InsLink.OTHER: "Le matricule n'est pas celui du dossier.",
    InsLink.ABSENT: "Le document ne porte pas de matricule INS.",
    InsLink.UNREADABLE: "Le matricule du document n'a pas la forme attendue.",
    InsLink.NOT_COMPARABLE: "Le dossier n'a pas de matricule INS à comparer.",
}


@dataclass(frozen=True, slots=True)
class PatientComparison:
    """The conclusion and what it rests on. `missing`: traits the document does not give."""

    match: PatientMatch
    ins: InsLink
    traits: Comparison = field(repr=False)
    missing: tuple[Trait, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to tell, in French; names the traits that differ or lack, never their values."""
        told = [SENTENCES[self.match], LINK_SENTENCES[self.ins]]
        if differing := ", ".join(item.label for item in self.traits.discrepancies):
            told.append(f"Différent du dossier : {differing}.")
        if lacking := ", ".join(TRAIT_LABELS[trait] for trait in self.missing):
            told.append(f"Absent du document : {lacking}.")
        return tuple(told)


def compare_patient(received: ReceivedPatient, *, traits: Traits, history: InsHistory) -> PatientComparison:
    """Compare the person of a received document with a record: traits, INS of today and of before."""
    link = _link(received, history)
    theirs, missing = _received_traits(received, traits)
    comparison = compare(traits, theirs)
    return PatientComparison(_conclude(link, comparison, missing), link, comparison, missing)


def _link(received: ReceivedPatient, history: InsHistory) -> InsLink:
    if received.ins is None:
        return InsLink.ABSENT
    try:
        matricule, _ = matricule_received(received.ins.extension)
    except InsError:
        return InsLink.UNREADABLE
    if history.active is not None and _same(history.active.matricule, matricule):
        return InsLink.ACTIVE
    if history.knows(matricule):
        return InsLink.FORMER
    return InsLink.OTHER if history.active else InsLink.NOT_COMPARABLE


def _same(left: Matricule, right: Matricule) -> bool:
    return left.base == right.base


def _conclude(link: InsLink, comparison: Comparison, missing: tuple[Trait, ...]) -> PatientMatch:
    verdict = comparison.verdict
    if verdict is Verdict.AUTRE_PERSONNE or link is InsLink.OTHER:
        return PatientMatch.DIFFERENT
    compatible = verdict in (Verdict.IDENTIQUE, Verdict.ACCEPTABLE, Verdict.A_MOTIVER)
    # Older documents give no COG code nor the list of given names; name and date are the least.
    told = not {Trait.NOM_NAISSANCE, Trait.DATE_NAISSANCE} & set(missing)
    if compatible and told and link is InsLink.ACTIVE:
        return PatientMatch.SAME
    if compatible and told and link is InsLink.FORMER:
        return PatientMatch.SAME_FORMER_INS
    return PatientMatch.TO_CONFIRM


def _received_traits(received: ReceivedPatient, local: Traits) -> tuple[Traits, tuple[Trait, ...]]:
    """Return the traits of the document; one that it does not give is the record's, and named as missing."""
    born = _birth_date(received.birth_date)
    sex = {"F": Sexe.F, "M": Sexe.M}.get(received.sex)
    given = received.given_names or received.first_given_name
    rows = (
        (Trait.NOM_NAISSANCE, received.birth_name),
        (Trait.PRENOMS, given),
        (Trait.SEXE, sex),
        (Trait.DATE_NAISSANCE, born),
        (Trait.LIEU_NAISSANCE, received.birthplace_code),
    )
    missing = tuple(trait for trait, value in rows if not value)
    theirs = Traits(
        received.birth_name or local.nom_naissance,
        given or local.prenoms,
        sex or local.sexe,
        born or local.date_naissance,
        received.birthplace_code or local.lieu_naissance,
        received.first_given_name if received.given_names else "",
    )
    return theirs, missing


def _birth_date(text: str) -> BirthDate | None:
    """Return the date of an HL7 text; a month or a day that is not given is 00, as INSi writes it."""
    if not (text.isascii() and text.isdigit() and len(text) in (4, 6, 8)):
        return None
    padded = text.ljust(8, "0")
    return BirthDate(f"{padded[:4]}-{padded[4:6]}-{padded[6:]}")
