"""Why a received IHE_XDM.zip is refused. Nothing of a refused archive is kept."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class XdmError(AmarreError):
    """Base of the refusals of an archive."""

    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.NEVER
    contact = Contact.SUPPORT
    data_state = "Rien n'a été classé. Le message reste dans la boîte aux lettres."


class XdmNotAnArchive(XdmError):
    """The bytes are not a ZIP file, or it is damaged."""

    code = "XDM-001"
    what = "La pièce jointe IHE_XDM.zip est illisible ou abîmée."
    advice = "Demandez à l'expéditeur de l'envoyer à nouveau."


class XdmTooLarge(XdmError):
    """Too many files, too many bytes, or a compression ratio that betrays a bomb."""

    code = "XDM-002"
    what = "L'archive jointe dépasse les limites permises ({detail})."
    advice = (
        "Ne l'ouvrez pas sur votre poste. Demandez à l'expéditeur d'envoyer moins de documents à la fois."
    )


class XdmUnsafeEntry(XdmError):
    """An absolute path, a path that climbs, a link, an encrypted entry, two entries with the same name."""

    code = "XDM-003"
    what = "L'archive jointe contient une entrée interdite ({detail})."
    advice = "Ne l'ouvrez pas. Signalez l'identifiant au support : ce message peut être une attaque."


class XdmMetadataMissing(XdmError):
    """No METADATA.XML under IHE_XDM/, or one that describes no document."""

    code = "XDM-004"
    what = "L'archive jointe ne contient pas la description attendue des documents."
    advice = "Classez le message à la main, et signalez-le à l'expéditeur."


class XdmDocumentMissing(XdmError):
    """A document described by the metadata is not in the archive."""

    code = "XDM-005"
    what = "Un document annoncé dans l'archive n'y figure pas."
    advice = "Demandez à l'expéditeur de l'envoyer à nouveau."


class XdmHashMismatch(XdmError):
    """The bytes of a document are not those its metadata describe."""

    code = "XDM-006"
    what = "Un document de l'archive a été modifié : il ne correspond pas à son empreinte."
    advice = "Ne classez pas ce document. Demandez à l'expéditeur de l'envoyer à nouveau."
