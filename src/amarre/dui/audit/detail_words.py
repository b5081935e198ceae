"""The details of a line of the journal, in the words of those who read it."""

from __future__ import annotations

from collections.abc import Mapping

from amarre.dui.audit.value_words import word_of

# One word for every key that a verb may carry; the words of the values are said by each context.
DETAIL_WORDS: Mapping[str, str] = {
    "access": "consultation par l'équipe",
    "acr": "niveau",
    "audience": "destinataire",
    "authorisation": "autorisation",
    "calls": "appels",
    "change": "changement",
    "code": "code",
    "conclusion": "conclusion",
    "confirmed": "confirmé",
    "created": "dossiers ouverts",
    "days": "jours",
    "decision": "décision",
    "device": "pièce",
    "document": "document",
    "documents": "documents",
    "dossiers": "dossiers",
    "end": "fin",
    "environment": "environnement",
    "event": "événement",
    "failure": "échec",
    "fields": "champs",
    "files": "fichiers",
    "fresh": "lu à l'instant",
    "hidden": "caché à",
    "identities": "identités",
    "ins": "avec l'INS",
    "kept": "gardées",
    "kind": "nature",
    "known": "déjà connus",
    "level": "niveau",
    "lot": "lot",
    "match": "personne",
    "means": "moyen",
    "media": "format",
    "merge": "fusion",
    "mode": "moyen",
    "month": "mois",
    "notes": "remarques",
    "numbers": "nombres",
    "origin": "origine",
    "outcome": "réponse",
    "outside": "écrits ailleurs",
    "page": "page",
    "pages": "pages",
    "period": "période",
    "permission": "droit",
    "persons": "personnes",
    "point": "point",
    "refused": "refusés",
    "remote_code": "code du service",
    "replaces": "remplace",
    "results": "résultats",
    "rows": "lignes",
    "said_by": "réponse donnée par",
    "side": "côté",
    "state": "état",
    "status": "statut",
    "text": "texte",
    "type": "type",
    "until": "jusqu'au",
    "version": "version",
}


def in_words(details: Mapping[str, object], verb: str = "") -> str:
    """Return « version : 2, avec l'INS : oui »; what is empty is left out."""
    said = [
        f"{DETAIL_WORDS.get(key, key)} : {_plain(verb, key, value)}" for key, value in sorted(details.items())
    ]
    return ", ".join(part for part in said if not part.endswith(" : "))


def _plain(verb: str, key: str, value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None:
        return ""
    items = value if isinstance(value, list) else [value]
    return ", ".join(word_of(verb, key, str(item)) for item in items)
