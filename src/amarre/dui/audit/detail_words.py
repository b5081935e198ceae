"""The details of a line of the journal, in the words of those who read it."""

from __future__ import annotations

from collections.abc import Mapping

# One word for every key that a verb may carry; the value stays the code that was written.
DETAIL_WORDS: Mapping[str, str] = {
    "acr": "niveau",
    "audience": "destinataire",
    "calls": "appels",
    "code": "code",
    "conclusion": "conclusion",
    "created": "dossiers ouverts",
    "decision": "décision",
    "device": "pièce",
    "documents": "documents",
    "dossiers": "dossiers",
    "environment": "environnement",
    "event": "événement",
    "failure": "échec",
    "fields": "champs",
    "fresh": "lu à l'instant",
    "identities": "identités",
    "ins": "avec l'INS",
    "kind": "nature",
    "known": "déjà connus",
    "level": "niveau",
    "lot": "lot",
    "means": "moyen",
    "merge": "fusion",
    "mode": "moyen",
    "month": "mois",
    "numbers": "nombres",
    "origin": "origine",
    "outcome": "réponse",
    "page": "page",
    "period": "période",
    "permission": "droit",
    "point": "point",
    "refused": "refusés",
    "remote_code": "code du service",
    "replaces": "remplace",
    "results": "résultats",
    "rows": "lignes",
    "side": "côté",
    "status": "statut",
    "type": "type",
    "version": "version",
}


def in_words(details: Mapping[str, object]) -> str:
    """Return « version : 2, avec l'INS : oui »; what is empty is left out."""
    said = [f"{DETAIL_WORDS.get(key, key)} : {_plain(value)}" for key, value in sorted(details.items())]
    return ", ".join(part for part in said if not part.endswith(" : "))


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
