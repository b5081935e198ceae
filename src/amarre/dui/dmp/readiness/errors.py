"""What « Prêt pour le DMP ? » finds and a deposit is refused for, beside the causes of `dmp.errors`."""

from __future__ import annotations

from amarre.dui.dmp.errors import DepositHeld
from amarre.interop.common.errors import Contact, Fault


class EstablishmentNotReady(DepositHeld):
    """Base of what holds back every deposit of the establishment."""

    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR


class CertificateWrongUse(EstablishmentNotReady):
    """A cachet where an authentication certificate is expected, or the reverse."""

    code = "DMP-080"
    what = "Le fichier du certificat « {purpose} » est d'un autre usage."
    advice = "L'administrateur vérifie les certificats du DMP : signature et authentification, intervertis."


class CertificateOfAnotherStructure(EstablishmentNotReady):
    """The OU of the certificate is not the Struct_IdNat that the establishment presents."""

    code = "DMP-081"
    what = "Le certificat « {purpose} » est au nom de {found}, l'établissement se présente comme {wanted}."
    advice = (
        "L'administrateur choisit, dans les réglages, l'identifiant pour lequel le certificat a été délivré, "
        "ou demande un certificat au bon numéro."
    )


class NobodyDeposits(EstablishmentNotReady):
    """No member who may deposit is known of the DMP."""

    code = "DMP-082"
    what = "Personne, dans l'établissement, ne peut déposer : il manque une profession connue du DMP."
    advice = "L'administrateur complète la profession d'au moins une personne qui a le droit de déposer."
