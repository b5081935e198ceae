"""Errors of the CDA package.

CdaError
├── NotClinicalDocument   CDA-001
├── CdaNotAcceptable      CDA-002
├── CdaWithoutBody        CDA-003
├── SectionsMissing       CDA-004
└── MediaUnreadable       CDA-005
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry

if TYPE_CHECKING:
    from amarre.interop.cda.rules.base import Finding


class CdaError(AmarreError):
    """Base of the refusals of a CDA document."""

    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.NEVER
    contact = Contact.SUPPORT


class NotClinicalDocument(CdaError):
    """Well-formed XML, but its root is not ClinicalDocument in the namespace of HL7 v3."""

    code = "CDA-001"
    what = "Ce fichier n'est pas un document au format des échanges de santé (CDA)."
    data_state = "Rien n'a été lu ni enregistré."
    advice = (
        "Redemandez le document à qui l'a envoyé. Dans une archive IHE_XDM, METADATA.XML dit quel fichier"
        " c'est."
    )


class CdaNotAcceptable(CdaError):
    """Our own checks refuse a document before it leaves. `sentences`: what is wrong, what to do, in French.

    `findings`: the broken rules, one by one. Raised by `rules.require_acceptable`.
    """

    code = "CDA-002"
    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    what = "Le document ne passe pas {count} contrôle(s). Le premier : {first}"
    data_state = "Le document reste dans le dossier ; rien n'a été envoyé."
    advice = "Corrigez ce qui est indiqué, puis validez de nouveau le document."

    def __init__(self, *, sentences: tuple[str, ...], findings: tuple[Finding, ...] = ()) -> None:
        self.sentences = sentences
        self.findings = findings
        super().__init__(count=len(sentences), first=sentences[0])


class CdaWithoutBody(CdaError):
    """A received document has neither a readable unstructured body nor a structured one."""

    code = "CDA-003"
    what = "Le document reçu n'a pas de contenu lisible."
    data_state = "Son en-tête reste consultable ; le contenu n'a pas été enregistré."
    advice = "Demandez à l'expéditeur de l'envoyer de nouveau."
    contact = Contact.DESTINATAIRE


class SectionsMissing(CdaError):
    """A structured document lacks sections that cannot be left empty. `names`: their titles."""

    code = "CDA-004"
    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    what = "Il manque des rubriques obligatoires au document : {names}."
    data_state = "Le document n'est pas fait ; le dossier n'a pas changé."
    advice = "Remplissez ces rubriques, puis refaites le document."


class MediaUnreadable(CdaError):
    """A file announced inside a received structured document is absent, outside it, or not base64."""

    code = "CDA-005"
    what = "Le fichier annoncé dans le document reçu est absent ou illisible."
    data_state = "Le reste du document reste consultable."
    advice = "Demandez à l'expéditeur d'envoyer de nouveau le document avec ses pièces jointes."
    contact = Contact.DESTINATAIRE
