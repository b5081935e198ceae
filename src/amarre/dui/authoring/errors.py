"""What may prevent a document from being written or validated."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class AuthoringError(AmarreError):
    """Base of the failures of the documents to write."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Le texte écrit est gardé."


class UnknownName(AuthoringError):
    """A name between braces that the record does not give."""

    code = "ECR-001"
    what = "Le texte demande « {{{name}}} », que le dossier ne donne pas."
    data_state = "Le texte n'est pas enregistré."
    advice = "Les noms possibles sont : {names}."


class BraceAlone(AuthoringError):
    """A brace that opens or closes nothing."""

    code = "ECR-002"
    what = "Le texte contient une accolade seule : « {{ » ou « }} »."
    data_state = "Le texte n'est pas enregistré."
    advice = "Les accolades entourent un nom, par exemple {{nom}}. Ailleurs, écrivez des parenthèses."


class TemplateUnknown(AuthoringError):
    """No template has this key, or no longer."""

    code = "ECR-003"
    http_status = 404
    contact = Contact.SUPPORT
    what = "Le modèle de document « {key} » n'existe pas dans cette version d'Amarre."
    advice = "Choisissez un autre modèle. Les modèles sont : {keys}."


class EcritNotDraft(AuthoringError):
    """A validated text is never changed: a new version replaces it."""

    code = "ECR-004"
    http_status = 409
    what = "Ce document est déjà validé : il ne se modifie plus."
    advice = "Ouvrez une nouvelle version : elle reprend le texte, que vous pourrez changer."


class EcritChanged(AuthoringError):
    """Someone wrote in the draft after this page was opened."""

    code = "ECR-005"
    http_status = 409
    what = "Quelqu'un a écrit dans ce document depuis que vous avez ouvert cette page."
    data_state = "Rien n'est validé, le brouillon est gardé."
    advice = "Relisez le brouillon, puis validez."


class NotItsAuthor(AuthoringError):
    """Only the author validates what they wrote."""

    code = "ECR-006"
    http_status = 403
    what = "Seul l'auteur de ce document peut le valider ({author})."
    advice = "Demandez à son auteur de le valider, ou écrivez un document à votre nom."


class BlocksMissing(AuthoringError):
    """Mandatory parts are empty."""

    code = "ECR-007"
    http_status = 422
    what = "Il manque : {names}."
    data_state = "Rien n'est validé, le brouillon est gardé."
    advice = "Complétez le brouillon, puis validez."


class BlockRefused(AuthoringError):
    """A part says something that cannot be filed."""

    code = "ECR-008"
    http_status = 422
    what = "« {title} » : {problem}"
    data_state = "Rien n'est validé, le brouillon est gardé."
    advice = "Corrigez le brouillon, puis validez."


class NotForThisProfession(AuthoringError):
    """The law reserves the document to other professions."""

    code = "ECR-009"
    http_status = 403
    contact = Contact.ADMINISTRATEUR
    what = "« {label} » ne peut pas être validé avec votre profession : il revient à {who}."
    advice = (
        "Demandez à la bonne personne de l'écrire. Si votre profession est mal notée, l'administrateur la "
        "corrige."
    )


class NewVersionOpen(AuthoringError):
    """One new version at a time."""

    code = "ECR-010"
    http_status = 409
    what = "Une nouvelle version de ce document est déjà en cours d'écriture."
    advice = "Reprenez ce brouillon."


class RenderDataWrong(AuthoringError):
    """The data given to render a document outside the record do not have the expected shape."""

    code = "ECR-011"
    contact = Contact.SUPPORT
    what = "Les données du document ne conviennent pas : {problem}."
    data_state = "Le document n'est pas fait."
    advice = "Corrigez le fichier de données, puis recommencez."


class TextTooLong(AuthoringError):
    """The whole draft is larger than a document may be."""

    code = "ECR-012"
    http_status = 422
    what = "Le document est trop long : {size} signes, pour {limit} au plus."
    data_state = "Ce qui était déjà enregistré est gardé."
    advice = "Raccourcissez-le, ou joignez une partie sous la forme d'un document à part."
