"""The sections of the structured documents, read from the table beside this module.

Source of every row: ANS, CI-SIS, Modèles de contenus CDA (sections). `sections.tsv` is the table: one row per
section, templateIds in their short form (``pcc:`` IHE PCC, ``fr:`` and ``e:`` CI-SIS sections and entries,
``ccd:`` HL7 CCD).
"""

from __future__ import annotations

import csv
import importlib.resources
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from amarre.interop.terminology import Code, ValueSetId

LOINC: Final = "2.16.840.1.113883.6.1"
TERMINOLOGIE_CISIS: Final = "1.2.250.1.213.1.1.4.322"

_BASES: Final = {
    "pcc": "1.3.6.1.4.1.19376.1.5.3.1.3.",
    "fr": "1.2.250.1.213.1.1.2.",
    "e": "1.2.250.1.213.1.1.3.",
    "ccd": "2.16.840.1.113883.10.20.1.",
    "": "",
}


class SectionKind(StrEnum):
    """The sections a DUI writes."""

    STATUT_DOCUMENT = "statut_document"
    MOTIF = "motif"
    SYNTHESE_SEJOUR = "synthese_sejour"
    TRAITEMENTS_SORTIE = "traitements_sortie"
    TRAITEMENTS_ARRETES = "traitements_arretes"
    TRAITEMENTS_ADMISSION = "traitements_admission"
    TRAITEMENTS = "traitements"
    ALLERGIES = "allergies"
    COMMENTAIRE = "commentaire"
    PROBLEMES = "problemes"
    ANTECEDENTS = "antecedents"
    ACTES = "actes"
    DISPOSITIFS = "dispositifs"
    POINTS_VIGILANCE = "points_vigilance"
    STATUT_FONCTIONNEL = "statut_fonctionnel"
    CONSTANTES = "constantes"
    MODE_DE_VIE = "mode_de_vie"
    VACCINATIONS = "vaccinations"
    ETABLISSEMENT_PREFERE = "etablissement_prefere"
    DIRECTIVES = "directives"
    OBSERVATIONS_DLU = "observations_dlu"
    RESULTATS_BMR = "resultats_bmr"
    RESULTATS = "resultats"
    RESULTATS_IPS = "resultats_ips"
    DOCUMENTS_AJOUTES = "documents_ajoutes"
    SUITES = "suites"
    CONCLUSIONS_VSM = "conclusions_vsm"
    HISTORIQUE_VSM = "historique_vsm"
    FACTEURS_RISQUE_VSM = "facteurs_risque_vsm"
    FACTEURS_PROFESSIONNELS = "facteurs_professionnels"
    LONG_COURS_VSM = "long_cours_vsm"
    COPIE_PDF = "copie_pdf"


@dataclass(frozen=True, slots=True)
class SectionTemplate:
    """One section: LOINC code, templateIds, the one a volet asks for (`mark`), usual title.

    `absence`: value set that says nothing is known of it. `parts`: the sub-sections it must hold, and then
    no words of its own; `further_parts`: those it may hold besides. `needs_entry`: an entry is mandatory, its
    words are not enough. `statements`: templateIds of the entries it may hold; none when it is only words.
    """

    kind: SectionKind
    code: Code
    title: str
    templates: tuple[str, ...]
    mark: str
    absence: ValueSetId | None
    parts: tuple[SectionKind, ...]
    further_parts: tuple[SectionKind, ...]
    needs_entry: bool
    statements: tuple[str, ...]

    @property
    def may_be_silent(self) -> bool:
        """Whether the section can say that there is no information: with a code, or in words."""
        return self.absence is not None or not self.needs_entry


def _expand(short: str) -> str:
    """Return a templateId from its short form."""
    prefix, _, rest = short.rpartition(":")
    return _BASES[prefix] + rest


def _kinds(names: str) -> tuple[SectionKind, ...]:
    return tuple(SectionKind(name) for name in names.split())


def _read() -> dict[SectionKind, SectionTemplate]:
    table = importlib.resources.files(__package__ or "amarre.interop.cda.structured") / "sections.tsv"
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    found = (
        SectionTemplate(
            kind=SectionKind(row["kind"]),
            code=Code(row["code"], row["display"], LOINC),
            title=row["title"],
            templates=tuple(_expand(item) for item in row["templates"].split()),
            mark=_expand(row["mark"]),
            absence=ValueSetId(row["absence"]) if row["absence"] else None,
            parts=_kinds(row["parts"]),
            further_parts=_kinds(row["further_parts"]),
            needs_entry=row["entry"] == "yes",
            statements=tuple(_expand(item) for item in row["statements"].split()),
        )
        for row in rows
    )
    return {template.kind: template for template in found}


SECTIONS: Final = _read()
