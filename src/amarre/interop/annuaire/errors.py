"""Why the directory gives no answer.

AnnuaireError
├── ApiKeyRefused        ANN-001
├── TooManyRequests      ANN-002
├── QueryRefused         ANN-003
├── ServiceClosed        ANN-004
├── NotAnAnswer          ANN-005
├── ForeignPage          ANN-006
├── ResourceGone         ANN-007
└── QueryEmpty           ANN-008
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class AnnuaireError(AmarreError):
    """Base of the directory's failures. A search changes nothing anywhere."""

    phase = Phase.REMOTE
    fault = Fault.THEIRS
    retry = Retry.LATER
    data_state = "Rien n'est modifié : il s'agit d'une recherche."
    contact = Contact.PILOTE_DUI


class ApiKeyRefused(AnnuaireError):
    """401 or 403: key missing, unknown or without the subscription."""

    code = "ANN-001"
    fault = Fault.OURS
    retry = Retry.AFTER_FIX
    what = "L'Annuaire Santé refuse la clé d'accès de l'installation."
    advice = "L'administrateur doit vérifier la clé ESANTE-API-KEY dans les réglages."
    contact = Contact.ADMINISTRATEUR


class TooManyRequests(AnnuaireError):
    """429: more calls per second than the directory allows."""

    code = "ANN-002"
    what = "L'Annuaire Santé reçoit trop de recherches de cette installation."
    advice = "Attendez quelques secondes, puis relancez la recherche."


class QueryRefused(AnnuaireError):
    """400, 404 or 412 with an OperationOutcome: our query does not suit the server."""

    code = "ANN-003"
    fault = Fault.OURS
    retry = Retry.NEVER
    what = "L'Annuaire Santé ne comprend pas cette recherche (code {status})."
    advice = "Essayez avec le nom seul. Si cela dure, transmettez l'identifiant au support."
    contact = Contact.SUPPORT


class ServiceClosed(AnnuaireError):
    """5xx."""

    code = "ANN-004"
    what = "L'Annuaire Santé est momentanément indisponible (code {status})."
    advice = "Relancez la recherche plus tard, ou choisissez un destinataire déjà connu."


class NotAnAnswer(AnnuaireError):
    """The body is not the FHIR JSON expected: page of a proxy, truncated answer, other resource."""

    code = "ANN-005"
    phase = Phase.READ
    what = "Ce qui a répondu à la place de l'Annuaire Santé n'est pas lisible ({reason})."
    advice = "Relancez la recherche. Si cela dure, un équipement du réseau modifie peut-être les réponses."


class ForeignPage(AnnuaireError):
    """A next page on another machine: following it would send the key elsewhere."""

    code = "ANN-006"
    phase = Phase.READ
    retry = Retry.NEVER
    what = "L'Annuaire Santé renvoie vers une autre adresse que la sienne pour la suite des résultats."
    advice = "Seuls les premiers résultats sont fiables. Transmettez l'identifiant au support."
    contact = Contact.SUPPORT


class ResourceGone(AnnuaireError):
    """410: the page of results expired."""

    code = "ANN-007"
    what = "La suite des résultats n'est plus disponible."
    advice = "Relancez la recherche."


class QueryEmpty(AnnuaireError):
    """A search without any criterion would return the whole directory."""

    code = "ANN-008"
    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    what = "La recherche n'a aucun critère."
    advice = "Indiquez un nom, un numéro RPPS, une structure ou une commune."
