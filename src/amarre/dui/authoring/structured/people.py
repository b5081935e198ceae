"""The people and places of the header: médecin traitant, hospital wished for, people to warn.

Each is said in the words of a section too (points de vigilance): who reads the document sees what is coded.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from amarre.dui.authoring.blocks import Block, Content
from amarre.dui.authoring.structured.fields import FieldType, LineField, choices_of
from amarre.dui.authoring.structured.kind import StructuredKind
from amarre.dui.authoring.structured.lines import text_field
from amarre.dui.authoring.structured.values import code_of, lines_of, text_of
from amarre.dui.documents.rendering.content import Section as PrintedSection
from amarre.interop.cda import (
    Identifier,
    Organization,
    Participant,
    PersonName,
    Professional,
    RelatedPerson,
    Telecom,
    preferred_establishment,
    ps_rpps,
    struct_finess,
    treating_physician,
)
from amarre.interop.cda.structured import Section, SectionKind
from amarre.interop.terminology import ValueSetId, value_set

_RPPS = re.compile(r"\d{11}")
_FINESS = re.compile(r"\d{9}|2[AB]\d{7}")
# The ties met in an establishment, out of JDV_J11.
_RELATIONS = (
    "DAUC", "SONC", "SIGOTHR", "HUSB", "WIFE", "DOMPART", "MTH", "FTH", "BRO", "SIS", "GRNDDAU", "GRNDSO",
    "NEPHEW", "NIECE", "FAMMEMB", "FRND", "NBOR", "TUTEUR", "CURATEUR", "MSVG",
)  # fmt: skip
GENERAL_PRACTITIONER = "G15_10/SM26"


class WordsKind(StructuredKind):
    """A block said in sentences, whose coded form is in the header."""

    section_kind = SectionKind.POINTS_VIGILANCE

    @abstractmethod
    def sentences(self, content: Content) -> tuple[str, ...]:
        """Return what is said, one sentence per paragraph."""

    def section(self, block: Block, content: Content) -> Section | None:
        """Return the sentences under the block's title."""
        said = self.sentences(content)
        if not said:
            return None
        return Section(kind=self.kind_for(block), title=block.title, notes=said)

    def printed(self, block: Block, content: Content) -> PrintedSection | None:
        """Return the sentences."""
        said = self.sentences(content)
        return PrintedSection(block.title, said) if said else None


class TreatingPhysician(WordsKind):
    """{"family": …, "given": …, "rpps": 11 digits, "phone": …}."""

    name = "medecin_traitant"

    def sentences(self, content: Content) -> tuple[str, ...]:
        """Return name, number and telephone."""
        family = text_of(content, "family")
        if not family:
            return ()
        name = f"Dr {text_of(content, 'given')} {family}".replace("  ", " ")
        more = (
            _labelled("RPPS", text_of(content, "rpps")),
            _labelled("téléphone", _grouped(text_of(content, "phone"))),
        )
        return (", ".join((name, *filter(None, more))),)

    def problems(self, block: Block, content: Content) -> tuple[str, ...]:
        """Return what the header cannot do without."""
        if not text_of(content, "family"):
            return ("écrivez son nom.",) if _any(content) else ()
        if not _RPPS.fullmatch(text_of(content, "rpps")):
            return ("indiquez son numéro RPPS, 11 chiffres (annuaire.sante.fr).",)
        return ()

    def participants(self, block: Block, content: Content) -> tuple[Participant, ...]:
        """Return the participant INF/PCP."""
        family, rpps = text_of(content, "family"), text_of(content, "rpps")
        if not family or not _RPPS.fullmatch(rpps):
            return ()
        return (
            treating_physician(
                Professional(
                    identifier=ps_rpps(rpps),
                    name=PersonName(family.upper(), text_of(content, "given"), suffix="DR"),
                    code=value_set(ValueSetId.AUTHOR_SPECIALTY).get(GENERAL_PRACTITIONER),
                    organization=None,
                    telecoms=_telecoms(content),
                )
            ),
        )


class PreferredHospital(WordsKind):
    """{"name": …, "city": …, "finess": 9 characters or "", "phone": …}."""

    name = "hopital"

    def sentences(self, content: Content) -> tuple[str, ...]:
        """Return name, town and telephone."""
        name = text_of(content, "name")
        if not name:
            return ()
        more = (text_of(content, "city"), _labelled("téléphone", _grouped(text_of(content, "phone"))))
        return (", ".join((name, *filter(None, more))),)

    def problems(self, block: Block, content: Content) -> tuple[str, ...]:
        """Return what is wrong with the number."""
        if not text_of(content, "name"):
            return ("écrivez son nom.",) if _any(content) else ()
        finess = text_of(content, "finess")
        if finess and not _FINESS.fullmatch(finess):
            return ("le numéro FINESS compte 9 caractères ; laissez-le vide si vous ne l'avez pas.",)
        return ()

    def participants(self, block: Block, content: Content) -> tuple[Participant, ...]:
        """Return the participant INF/ES-PREF, when the national number is known."""
        name, finess = text_of(content, "name"), text_of(content, "finess")
        if not name or not _FINESS.fullmatch(finess):
            return ()
        identifier = struct_finess(finess)
        return (
            preferred_establishment(
                Organization(
                    identifier=Identifier(identifier.root, identifier.extension),
                    name=name,
                    telecoms=_telecoms(content),
                )
            ),
        )


class Contacts(WordsKind):
    """People to warn, trusted person, legal representative: {"lines": [{"family", "given", …}]}.

    Roles are those of an informant (CI-SIS): ECON to warn, NOK personne de confiance, CAREGIVER aidant.
    """

    name = "contacts"
    line_name = "Personne"
    fields = (
        LineField(
            name="role",
            label="Rôle",
            type=FieldType.CHOICE,
            required=True,
            choices=(
                ("ECON", "À prévenir en cas d'urgence"),
                ("NOK", "Personne de confiance"),
                ("CAREGIVER", "Aidant"),
                ("CON", "Autre contact"),
            ),
        ),
        text_field("family", "Nom", required=True),
        text_field("given", "Prénom"),
        LineField(
            name="relation",
            label="Lien",
            type=FieldType.CHOICE,
            choices=choices_of(ValueSetId.RELATION, only=_RELATIONS, words={"BRO": "Frère", "SIS": "Sœur"}),
        ),
        text_field("phone", "Téléphone"),
    )

    def sentences(self, content: Content) -> tuple[str, ...]:
        """Return one sentence per person."""
        return tuple(map(self._sentence, self._complete(content)))

    def problems(self, block: Block, content: Content) -> tuple[str, ...]:
        """Return what is missing, line by line."""
        return tuple(
            f"ligne {number}, il manque « {field.label} »."
            for number, line in enumerate(lines_of(content), start=1)
            for field in self.fields
            if field.missing(line) or field.unreadable(line)
        )

    def is_empty(self, block: Block, content: Content) -> bool:
        """Tell whether no line says anything."""
        return not lines_of(content)

    def informants(self, block: Block, content: Content) -> tuple[RelatedPerson, ...]:
        """Return the people as informants of the header."""
        return tuple(map(_related, self._complete(content)))

    def _complete(self, content: Content) -> Iterator[Mapping[str, Any]]:
        for line in lines_of(content):
            if not any(field.missing(line) or field.unreadable(line) for field in self.fields):
                yield line

    def _sentence(self, line: Mapping[str, Any]) -> str:
        role = dict(self.fields[0].choices)[text_of(line, "role")]
        name = f"{text_of(line, 'given')} {text_of(line, 'family')}".strip()
        tie = dict(self.fields[3].choices).get(text_of(line, "relation"), "").lower()
        more = (tie, role[:1].lower() + role[1:], _labelled("téléphone", _grouped(text_of(line, "phone"))))
        return ", ".join((name, *filter(None, more)))


def _related(line: Mapping[str, Any]) -> RelatedPerson:
    return RelatedPerson(
        role=text_of(line, "role"),
        name=PersonName(text_of(line, "family").upper(), text_of(line, "given")),
        relation=code_of(line, "relation", ValueSetId.RELATION),
        telecoms=_telecoms(line),
    )


def _any(content: Content) -> bool:
    return any(text_of(content, name) for name in ("given", "rpps", "city", "finess", "phone"))


def _labelled(label: str, value: str) -> str:
    return f"{label} {value}" if value else ""


def _grouped(number: str) -> str:
    """Return a French number by pairs, as it is read; anything else as it was typed."""
    digits = re.sub(r"[\s./-]", "", number)
    return " ".join(re.findall("..", digits)) if re.fullmatch(r"0\d{9}", digits) else number


def _telecoms(content: Mapping[str, Any]) -> tuple[Telecom, ...]:
    number = "".join(sign for sign in text_of(content, "phone") if sign.isdigit() or sign == "+")
    return (Telecom(f"tel:{number}"),) if number else ()
