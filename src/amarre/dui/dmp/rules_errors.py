"""What the establishment's own rules of deposit hold back."""

from __future__ import annotations

from amarre.dui.dmp.errors import DepositHeld
from amarre.interop.common.errors import Contact, Retry


class TypeNeverDeposited(DepositHeld):
    """The establishment decided that this type does not go to the DMP."""

    code = "DMP-076"
    retry = Retry.NEVER
    what = "Votre établissement a décidé de ne pas déposer ce type de document au DMP."
    advice = "Si cette règle ne convient plus, la direction la change dans « Règles de dépôt »."


class RoleMayNotDeposit(DepositHeld):
    """The rule of this type names the roles that deposit it."""

    code = "DMP-077"
    http_status = 403
    what = "Dans votre établissement, ce type de document est déposé par : {roles}."
    advice = "Demandez à l'un d'eux de le déposer : le document est dans la liste « Documents à déposer »."


class ProposalClosed(DepositHeld):
    """Somebody already decided about this document."""

    code = "DMP-078"
    http_status = 409
    what = "Ce document n'attend plus de décision : un collègue l'a déjà traité."
    data_state = "Rien n'est modifié."
    advice = "Rechargez la liste « Documents à déposer »."


class NewerVersionFiled(DepositHeld):
    """A deposit that waited for an agreement, whose document has a newer version."""

    code = "DMP-079"
    retry = Retry.NEVER
    contact = Contact.PILOTE_DUI
    what = "Une nouvelle version du document a été validée avant que ce dépôt soit approuvé."
    advice = "C'est la nouvelle version qui peut être déposée."


class ReasonMissing(DepositHeld):
    """Declining a colleague's deposit needs a reason they can act on."""

    code = "DMP-083"
    what = "Écrivez pourquoi ce dépôt n'est pas approuvé."
    data_state = "Le dépôt attend toujours."
    advice = "Une phrase suffit : votre collègue la lira."
