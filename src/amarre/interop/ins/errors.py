"""What can be wrong with an identity, explained in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry

if TYPE_CHECKING:
    from amarre.interop.ins.traits import LexicalProblem


class InsError(AmarreError):
    """Base of the refusals of the identity kit: nothing left the machine."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.REFERENT_IDENTITE
    data_state = "Rien n'a été modifié ni transmis."


class MatriculeMalformed(InsError):
    """The text is not 13 characters and a key of two digits."""

    code = "INS-001"
    what = "Le matricule doit compter 15 caractères : 13 caractères puis une clé de 2 chiffres."
    advice = "Recopiez le matricule sans en omettre la clé, puis validez à nouveau."


class MatriculeKeyWrong(InsError):
    """The key of a matricule typed by a person does not match its 13 characters."""

    code = "INS-002"
    what = "La clé de ce matricule ne correspond pas à ses 13 premiers caractères."
    advice = "Un chiffre a sans doute été mal recopié : relisez le matricule caractère par caractère."


class UnknownInsOid(InsError):
    """The OID is not one of those that designate an INS."""

    code = "INS-003"
    what = "L'identifiant {oid} ne désigne pas une INS."
    advice = "N'utilisez pas ce matricule. Retrouvez l'INS de la personne par le téléservice INSi."


class OidNotAccepted(InsError):
    """The OID designates an INS which the environment does not accept (a test INS in production…)."""

    code = "INS-004"
    what = "Cette INS porte un identifiant réservé aux essais ({oid}), refusé sur cette installation."
    advice = "Retrouvez l'INS de la personne par le téléservice INSi de production."
    contact = Contact.ADMINISTRATEUR


class TraitsRefused(InsError):
    """One or several traits break the writing rules of the RNIV or of INSi. `problems` lists them."""

    code = "INS-005"
    what = "L'identité saisie ne respecte pas les règles d'écriture : {rules}"
    advice = "Corrigez les champs signalés d'après le document d'identité, puis validez à nouveau."

    def __init__(self, problems: tuple[LexicalProblem, ...]) -> None:
        self.problems = problems
        super().__init__(rules=" ".join(problem.sentence for problem in problems))


class BirthDateRefused(InsError):
    """The text is not a birth date the RNIV accepts."""

    code = "INS-006"
    what = "La date de naissance n'est pas une date du calendrier."
    advice = (
        "Vérifiez le jour et le mois. S'ils sont inconnus, écrivez 06/1936 ou 1936 : Amarre applique la règle"
        " nationale."
    )


class TransitionRefused(InsError):
    """The RNIV table has no such transition."""

    code = "INS-007"
    what = "Cette action n'est pas possible pour une identité « {status} » : {reason}"
    advice = "Reprenez l'identité à l'étape précédente, ou demandez l'avis du référent identitovigilance."


class EvidenceMissing(InsError):
    """A transition to validée or qualifiée without a recorded high-trust document."""

    code = "INS-008"
    what = "Aucun document d'identité à haut niveau de confiance n'est enregistré."
    advice = "Indiquez le document présenté, sa date et la personne qui l'a vu, puis recommencez."


class AttributesIncompatible(InsError):
    """Only douteuse and homonyme may stand together."""

    code = "INS-009"
    what = "Ces attributs ne peuvent pas être portés ensemble par une même identité."
    advice = "Seuls « douteuse » et « homonyme » se cumulent. Retirez l'autre attribut d'abord."


class IdentityNotQualified(InsError):
    """Something asked for the matricule of an identity that is not qualifiée."""

    code = "INS-010"
    what = "L'identité est au statut « {status} » : son matricule ne peut pas sortir de l'établissement."
    data_state = "Rien n'a été transmis ni imprimé avec l'INS."
    advice = "Qualifiez l'identité : téléservice INSi et document d'identité à haut niveau de confiance."


class QualifiedIdentityIncomplete(InsError):
    """A qualifiée identity lacks one of the five traits that must travel with the matricule."""

    code = "INS-011"
    what = "L'identité est qualifiée mais il lui manque : {missing}. L'INS ne voyage jamais incomplète."
    data_state = "Rien n'a été transmis ni imprimé avec l'INS."
    advice = "Relancez la recherche INSi pour cette personne, ou signalez le dossier au référent."


class DatamatrixUnreadable(InsError):
    """The code scanned is not an INS Datamatrix, or it is damaged."""

    code = "INS-012"
    phase = Phase.READ
    retry = Retry.LATER
    contact = Contact.SUPPORT
    what = "Le code lu n'est pas un code INS lisible : {reason}."
    data_state = "Rien n'a été enregistré à partir de ce code."
    advice = "Lisez le code à nouveau, bien à plat. S'il reste illisible, saisissez l'identité à la main."


class PictureUnreadable(InsError):
    """The picture holds no INS Datamatrix, or is not a picture."""

    code = "INS-013"
    phase = Phase.READ
    retry = Retry.LATER
    contact = Contact.SUPPORT
    what = "Aucun code INS n'a été trouvé sur cette image."
    data_state = "Rien n'a été enregistré à partir de cette image."
    advice = "Photographiez le code de près, net et sans reflet, ou saisissez l'identité à la main."
