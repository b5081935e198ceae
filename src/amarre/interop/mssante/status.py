"""Enhanced mail status codes explained in French.

Sources: RFC 3463 (codes), IANA registry « Simple Mail Transfer Protocol Enhanced Status Codes » (2026),
Exchange documentation for 5.1.10 and 5.4.1; Mon espace santé v1.3 for the causes of its own notices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What happened and what to do."""

    sentence: str
    advice: str


_OTHER_ADDRESS = "Cherchez une autre adresse du destinataire dans l'annuaire, ou appelez-le."
_CALL = "Appelez le destinataire : sa boîte ne peut pas recevoir pour le moment."
_WAIT = "Rien à faire maintenant : le serveur continue d'essayer."
_SUPPORT = "Transmettez l'identifiant de l'envoi au support."
_LIGHTER = "Envoyez un document plus léger, ou moins de documents à la fois."

# Codes without their class digit (2, 4 or 5): subject.detail.
_BY_DETAIL: dict[str, StatusRow] = {
    "1.0": StatusRow("L'adresse du destinataire pose problème.", _OTHER_ADDRESS),
    "1.1": StatusRow("Cette boîte n'existe pas.", _OTHER_ADDRESS),
    "1.2": StatusRow("Le domaine de cette adresse n'existe pas.", _OTHER_ADDRESS),
    "1.3": StatusRow("Cette adresse est mal écrite.", _OTHER_ADDRESS),
    "1.4": StatusRow("Cette adresse désigne plusieurs boîtes.", _OTHER_ADDRESS),
    "1.6": StatusRow("Cette boîte a déménagé sans laisser d'adresse.", _OTHER_ADDRESS),
    "1.7": StatusRow("L'adresse de l'expéditeur est mal écrite.", _SUPPORT),
    "1.8": StatusRow("Le domaine de l'expéditeur n'est pas reconnu.", _SUPPORT),
    "1.10": StatusRow("Cette boîte n'existe pas, ou son domaine ne reçoit aucun message.", _OTHER_ADDRESS),
    "2.0": StatusRow("La boîte du destinataire pose problème.", _CALL),
    "2.1": StatusRow("La boîte du destinataire est fermée.", _OTHER_ADDRESS),
    "2.2": StatusRow("La boîte du destinataire est pleine.", _CALL),
    "2.3": StatusRow("Le message dépasse la taille admise par la boîte du destinataire.", _LIGHTER),
    "2.4": StatusRow("La liste de diffusion du destinataire ne fonctionne pas.", _OTHER_ADDRESS),
    "3.0": StatusRow("Le serveur du destinataire a un problème.", _CALL),
    "3.1": StatusRow("Le serveur du destinataire n'a plus de place.", _CALL),
    "3.2": StatusRow("Le serveur du destinataire ne reçoit plus de messages.", _CALL),
    "3.4": StatusRow("Le message dépasse la taille admise par le serveur du destinataire.", _LIGHTER),
    "4.1": StatusRow("Le serveur du destinataire ne répond pas, ou refuse cette adresse.", _CALL),
    "4.2": StatusRow("La liaison avec le serveur du destinataire se coupe.", _CALL),
    "4.3": StatusRow("L'annuaire des serveurs de messagerie ne répond pas.", _CALL),
    "4.4": StatusRow("Aucun chemin ne mène au serveur du destinataire.", _OTHER_ADDRESS),
    "4.5": StatusRow("Le serveur du destinataire est encombré.", _CALL),
    "4.6": StatusRow("Le message tourne en rond entre des serveurs.", _SUPPORT),
    "4.7": StatusRow("Le message n'a pas pu être remis dans le délai.", _CALL),
    "4.14": StatusRow("Le message tourne en rond entre des serveurs.", _SUPPORT),
    "5.0": StatusRow("Les deux serveurs ne se sont pas compris.", _SUPPORT),
    "6.0": StatusRow("Le contenu du message n'est pas admis par le serveur du destinataire.", _SUPPORT),
    "6.1": StatusRow("Le type de pièce jointe n'est pas admis par le serveur du destinataire.", _SUPPORT),
    "7.0": StatusRow("Le serveur du destinataire refuse ce message par sécurité.", _SUPPORT),
    "7.1": StatusRow("Le destinataire n'accepte pas les messages de cette boîte.", _CALL),
    "7.2": StatusRow("Cette boîte n'a pas le droit d'écrire à cette liste.", _CALL),
    "7.26": StatusRow("Le serveur du destinataire n'a pas pu vérifier l'expéditeur.", _SUPPORT),
}  # fmt: skip

_BY_SUBJECT: dict[str, StatusRow] = {
    "1": _BY_DETAIL["1.0"],
    "2": _BY_DETAIL["2.0"],
    "3": _BY_DETAIL["3.0"],
    "4": StatusRow("Le réseau entre les deux serveurs a un problème.", _CALL),
    "5": _BY_DETAIL["5.0"],
    "6": _BY_DETAIL["6.0"],
    "7": _BY_DETAIL["7.0"],
}

_UNKNOWN_FAILURE = StatusRow("Le message n'a pas été remis ; le serveur ne dit pas pourquoi.", _CALL)

# Wordings of notices that are not RFC 3464 reports (Mon espace santé v1.3; error texts of mail servers).
NOTICE_CAUSES: tuple[tuple[str, str], ...] = (
    ("messagerie ferm", "2.1"),
    ("patient non trouv", "1.1"),
    ("adresse invalide", "1.3"),
    ("message size", "3.4"),
    ("size exceeds", "3.4"),
    ("quota", "2.2"),
    ("mailbox full", "2.2"),
    ("user unknown", "1.1"),
    ("does not exist", "1.1"),
    ("doesn't exist", "1.1"),
)

# IG « Transmission au LPS d'un document CDA provenant d'un courriel MSSanté » (ANS, 04/2025), table of ERR-5.
INTEGRATION_ERRORS: dict[str, str] = {
    "900": "Version du document incorrecte.",
    "901": "Auteur non autorisé.",
    "902": "Patient inconnu du destinataire.",
    "903": "INS absente.",
    "904": "INS différente de celle du destinataire.",
    "905": "INS incomplète : des traits manquent.",
    "906": "Autre erreur.",
}

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")


def find_code(text: str) -> str:
    """Return the first enhanced status code in `text`, "" when there is none."""
    match = _CODE.search(text)
    return match[0] if match else ""


def most_precise(status: str, diagnostic: str) -> str:
    """Return the status, or the more precise code of the diagnostic when the status says nothing (5.0.0)."""
    code = find_code(status)
    quoted = find_code(diagnostic)
    if quoted and (not code or code.endswith(".0.0")) and (not code or code[0] == quoted[0]):
        return quoted
    return code


def explain(code: str) -> StatusRow:
    """Return the French explanation of an enhanced status code, whatever its class."""
    match = _CODE.fullmatch(code)
    if match is None:
        return _UNKNOWN_FAILURE
    if match[1] == "2":
        return StatusRow("Le message est dans la boîte du destinataire.", "Rien à faire.")
    row = _BY_DETAIL.get(f"{match[2]}.{match[3]}") or _BY_SUBJECT.get(match[2]) or _UNKNOWN_FAILURE
    if match[1] == "4":
        return StatusRow(row.sentence, _WAIT)
    return row
