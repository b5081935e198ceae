"""What a person would type in each structured block: everything, the least, and what is hard to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from amarre.dui.authoring.blocks import Block, kind_of
from amarre.dui.authoring.catalogue import Template
from amarre.dui.authoring.structured.lines import LinesKind

Content = dict[str, Any]

WHOLE: dict[str, Content] = {
    "traitements": {
        "lines": [
            {
                "name": "Paracétamol 500 mg",
                "dose": "1 comprimé",
                "rhythm": "matin, midi et soir",
                "route": "20053000",
                "start": "2026-11-02",
                "end": "2026-12",
                "remark": "à distance des repas",
            },
            {"name": "Crème hydratante"},
        ],
        "note": "Pilulier préparé chaque lundi.",
    },
    "allergies": {
        "lines": [
            {
                "agent": "Arachide",
                "kind": "414285001",
                "reaction": "Urticaire",
                "start": "1998",
                "remark": "trousse d'urgence",
            },
            {"agent": "Pollen"},
        ]
    },
    "problemes": {"lines": [{"label": "Insuffisance cardiaque", "start": "2019", "remark": "suivie"}]},
    "antecedents": {
        "lines": [{"label": "Infarctus", "start": "2015-06", "end": "2015-07", "remark": "stent"}]
    },
    "actes": {"lines": [{"label": "Prothèse de hanche droite", "day": "2016", "remark": "clinique du Port"}]},
    "dispositifs": {
        "lines": [{"label": "Stimulateur cardiaque", "start": "2020-01-15", "remark": "contrôlé"}]
    },
    "vaccinations": {
        "lines": [
            {
                "name": "Grippe",
                "day": "2026-10-15",
                "kind": "BOOSTER",
                "lot": "A12",
                "remark": "bien supporté",
            }
        ]
    },
    "suites": {
        "lines": [
            {"kind": "act", "label": "Soins palliatifs", "remark": "équipe mobile"},
            {"kind": "appointment", "label": "Cardiologue", "day": "2026-12-03"},
            {"kind": "request", "label": "Prise de sang", "day": "2026-12", "remark": "à jeun"},
            {"kind": "appointment", "label": "Médecin traitant"},
        ],
        "note": "Relais par l'équipe du domicile.",
    },
    "resultats": {
        "lines": [
            {"kind": "IMAGING", "label": "Radiographie", "value": "Pas de fracture", "day": "2026-11-03"},
            {"kind": "BIOLOGY", "label": "CRP", "value": "< 1 mg/L", "remark": "normale"},
        ]
    },
    "mode_de_vie": {"lines": [{"subject": "72166-2", "value": "A arrêté", "day": "2010", "remark": "sevré"}]},
    "constantes": {
        "day": "2026-11-19",
        "values": {"29463-7": "62,5", "8480-6": "135", "8462-4": "80", "8310-5": "37.2", "20564-1": "97"},
        "remark": "au repos",
    },
    "autonomie": {
        "day": "2026-11",
        "answers": {
            "288575003": {"value": "yes", "remark": "par gestes"},
            "397540003": {"value": "yes"},
            "161898004": {"value": "no"},
            "249492002": {"value": "yes", "remark": "texture mixée"},
        },
        "gir": "MED-341",
        "note": "Marche avec un déambulateur.",
    },
    "directives": {
        "written": "yes",
        "day": "2024-04",
        "where": "dans sa chambre, tiroir du chevet",
        "answers": {"75779-9": {"value": "no"}, "MED-298": {"value": "yes"}},
        "note": "Sa fille en a une copie.",
    },
    "sejour": {
        "summary": "Séjour calme.\nPansement refait deux fois par semaine.",
        "entry": "8715000",
        "exit": "160849004",
        "events": "Une chute sans gravité",
        "searched": "yes",
        "found": "Aucune",
        "transfusion": "no",
        "blood": "no",
    },
    "medecin_traitant": {
        "family": "Sow",
        "given": "Aminata",
        "rpps": "99700000013",
        "phone": "01 99 00 12 12",
    },
    "hopital": {
        "name": "CH de Port-Amarre",
        "city": "Port-Amarre",
        "finess": "990000002",
        "phone": "0199001200",
    },
    "contacts": {
        "lines": [
            {
                "role": "ECON",
                "family": "Le Goff",
                "given": "Marie",
                "relation": "DAUC",
                "phone": "0199001313",
            },
            {"role": "NOK", "family": "Durand", "relation": "NBOR"},
        ]
    },
}
# The least that counts as said, where something must be.
LEAST: dict[str, Content] = {
    "autonomie": {"note": "Autonome."},
    "directives": {"written": "unknown"},
    "sejour": {"summary": "Séjour calme."},
}
# Markup, quotes, apostrophes, spaces that do not break, ligatures: all drawn by the font of the documents.
HARD = "<b>&amp; ]]> \"« œuvre » l\u2019Haÿ\u00a0: 50\u00a0% d'Émilie …"


def whole(block: Block) -> Content:
    """Return everything a block can say."""
    return WHOLE[block.kind]


def least(block: Block) -> Content:
    """Return the least: that nothing is known, where that can be ticked; {} for what may be left."""
    kind = kind_of(block)
    if isinstance(kind, LinesKind) and kind.states and block.required:
        return {"state": "unknown"}
    if isinstance(kind, LinesKind) and block.required:
        return WHOLE[block.kind]
    return LEAST.get(block.kind, {}) if block.required else {}


def hard(content: Any) -> Any:
    """Return a content whose free words are hard to write; codes, dates and numbers stay."""
    words = {
        "name", "dose", "rhythm", "remark", "agent", "reaction", "label", "note", "where", "summary",
        "events", "found", "family", "given", "city", "text", "lot",
    }  # fmt: skip
    if isinstance(content, dict):
        free = words | ({"value"} if "label" in content or "subject" in content else set())
        return {
            name: HARD if name in free and isinstance(value, str) else hard(value)
            for name, value in content.items()
        }
    return [hard(item) for item in content] if isinstance(content, list) else content


def contents(template: Template, variant: str, text: Callable[[Block], Content]) -> dict[str, Content]:
    """Return the contents of a template: « plein », « minimal » or « difficile »; `text` gives the texts."""
    found = {}
    for block in template.blocks:
        full = WHOLE[block.kind] if block.kind in WHOLE else text(block)
        small = least(block) if block.kind in WHOLE else (text(block) if block.required else {})
        found[block.key] = small if variant == "minimal" else hard(full) if variant == "difficile" else full
    return found


STRUCTURED: dict[str, Callable[[Block], Content]] = dict.fromkeys(WHOLE, whole)
