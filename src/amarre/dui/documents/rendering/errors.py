"""What may prevent a document from being made."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class RenderingError(AmarreError):
    """Base of the rendering failures."""

    phase = Phase.BUILD
    retry = Retry.AFTER_FIX
    data_state = "Le texte saisi est gardé, le document n'est pas fait."


class UnprintableCharacter(RenderingError):
    """A character that the document's font cannot draw: it would vanish silently from a PDF/A-1."""

    code = "DOC-001"
    http_status = 422
    fault = Fault.DATA
    contact = Contact.PILOTE_DUI
    what = "Le texte contient un caractère que le document ne peut pas imprimer : « {character} » ({name})."
    advice = "Remplacez ce caractère (souvent un dessin ou une écriture étrangère), puis recommencez."


class TemplateBroken(RenderingError):
    """The template does not compile, or asks for a font that is not shipped: a defect of ours."""

    code = "DOC-002"
    fault = Fault.OURS
    contact = Contact.SUPPORT
    what = "Le modèle de document « {template} » est défectueux."
    advice = "Transmettez l'identifiant au support : une mise à jour corrigera le modèle."


class DocumentTooLong(RenderingError):
    """More than a PDF/A-1 may hold in one piece (ISO 19005-1 keeps the limits of PDF 1.4), or than the
    compiler takes."""

    code = "DOC-003"
    http_status = 422
    fault = Fault.DATA
    contact = Contact.PILOTE_DUI
    what = "Le texte ne tient pas dans un PDF : trop de lignes, ou un passage trop long d'un seul tenant."
    advice = "Raccourcissez-le, ou faites-en plusieurs documents, puis recommencez."
