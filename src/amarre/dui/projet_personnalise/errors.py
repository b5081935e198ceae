"""What may prevent a projet from changing."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class ProjetError(AmarreError):
    """Base of the failures of projets."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Rien n'a été modifié."


class ProjetNotDraft(ProjetError):
    """A validated projet is never changed: a new version replaces it."""

    code = "PRJ-001"
    what = "Ce projet est déjà validé : il ne se modifie plus."
    advice = "Ouvrez une nouvelle version : elle reprend le texte, que vous pourrez changer."


class ProjetWithoutObjective(ProjetError):
    """Nothing to do in it."""

    code = "PRJ-002"
    what = "Le projet n'a pas d'objectif."
    advice = "Ajoutez au moins un objectif et ses actions, puis validez."


class AgreementMissing(ProjetError):
    """The person's position must be asked before validating."""

    code = "PRJ-003"
    what = "L'avis de la personne sur son projet n'est pas noté."
    advice = "Demandez-lui son accord, notez sa réponse et sa date, puis validez."


class NotItsAuthor(ProjetError):
    """Only the author validates what they wrote."""

    code = "PRJ-004"
    http_status = 403
    what = "Seul l'auteur de ce projet peut le valider ({author})."
    advice = "Demandez à son auteur de le valider, ou ouvrez une nouvelle version à votre nom."


class DraftAlreadyOpen(ProjetError):
    """One draft at a time."""

    code = "PRJ-005"
    what = "Un brouillon de projet est déjà ouvert pour cette personne."
    advice = "Reprenez ce brouillon."


class ProjetChanged(ProjetError):
    """A colleague wrote in the draft after its author opened the page."""

    code = "PRJ-006"
    http_status = 409
    what = "Le brouillon a changé depuis que vous avez ouvert cette page."
    data_state = "Rien n'est validé, le brouillon est gardé."
    advice = "Relisez le brouillon, puis validez."
