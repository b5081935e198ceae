"""What may prevent an identity or a dossier from changing."""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Effect, Fault, Phase, Retry


class UsagerError(AmarreError):
    """Base of the failures of identities and dossiers."""

    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.REFERENT_IDENTITE
    data_state = "Rien n'a été modifié."


class DossierAlreadyOpen(UsagerError):
    """The same person has a dossier in this establishment."""

    code = "USA-001"
    what = "Cette personne a déjà un dossier dans l'établissement (n° {number})."
    advice = (
        "Ouvrez le dossier existant. Si ce sont deux personnes, vérifiez les traits avec la pièce d'identité."
    )


class SearchAlreadyPending(UsagerError):
    """INSi is already being asked about this identity."""

    code = "USA-002"
    what = "Une recherche INSi est déjà en cours pour cette personne."
    advice = "Attendez sa réponse : elle arrive en général en 15 secondes."


class SearchNotDecidable(UsagerError):
    """No result to accept: nothing came back, or it was decided already."""

    code = "USA-003"
    what = "Cette recherche INSi n'a pas de résultat à accepter."
    advice = "Rechargez la page pour voir où en est la recherche."


class TraitsChangedSinceSearch(UsagerError):
    """The typed traits changed after the question was sent: its answer is no longer about them."""

    code = "USA-004"
    what = "Les traits ont été modifiés depuis la question posée à INSi."
    advice = "Relancez la recherche INSi avec les traits actuels."


class InsHeldByAnotherIdentity(UsagerError):
    """The matricule returned is already active on another identity of the organisme."""

    code = "USA-005"
    what = "Cette INS est déjà celle d'une autre identité de l'organisme (n° {number})."
    advice = (
        "Ce sont peut-être deux dossiers d'une même personne : la paire est dans la liste des doublons du "
        "référent identitovigilance."
    )

    def __init__(self, identity_id: int, *, number: str) -> None:
        super().__init__(number=number)
        self.identity_id = identity_id


class InsiNotConfigured(UsagerError):
    """A setting needed to call INSi is missing."""

    code = "USA-006"
    fault = Fault.OURS
    contact = Contact.ADMINISTRATEUR
    what = "INSi ne peut pas être appelé : il manque {missing} dans les réglages de l'établissement."
    data_state = "L'identité est enregistrée, rien n'est parti."
    advice = "L'administrateur complète les « Réglages de l'établissement », puis relance la recherche."


class SearchTraitsIncomplete(UsagerError):
    """INSi needs a sex F or M."""

    code = "USA-007"
    what = "INSi demande un sexe F ou M : il est « indéterminé » dans cette identité."
    advice = "Vérifiez le sexe avec la pièce d'identité, corrigez-le, puis relancez la recherche."


class VerificationAlreadyRunning(UsagerError):
    """One verification of the file active at a time in an establishment."""

    code = "USA-009"
    what = "Une vérification de la file active est déjà en cours dans l'établissement."
    data_state = "Elle continue, rien n'est lancé deux fois."
    advice = "Suivez son avancement. Une nouvelle pourra être lancée quand elle sera finie."


class VerificationOver(UsagerError):
    """A verification that ended has nothing to stop."""

    code = "USA-010"
    what = "Cette vérification est déjà finie."
    advice = "Rechargez la page : elle montre ses résultats."


class NothingToVerify(UsagerError):
    """Nobody in the file active has an INS."""

    code = "USA-011"
    what = "Aucune personne de la file active n'a d'INS à vérifier."
    advice = "Appelez d'abord INSi pour chaque personne, à sa prochaine venue."


class LotStillRunning(UsagerError):
    """The service works on the lot: its results are asked for again later."""

    code = "USA-012"
    phase = Phase.WAIT
    fault = Fault.OURS
    retry = Retry.LATER
    effect = Effect.UNKNOWN
    contact = Contact.SUPPORT
    what = "INSi n'a pas fini de vérifier ce lot ({processed} identités sur {total})."
    data_state = "Le lot est chez INSi, aucun résultat n'est perdu."
    advice = "Rien à faire : Amarre redemande les résultats de lui-même."


class VerificationResultsIncomplete(UsagerError):
    """The service says that the lot is done, and results are missing."""

    code = "USA-013"
    phase = Phase.READ
    fault = Fault.THEIRS
    retry = Retry.AFTER_FIX
    contact = Contact.SUPPORT
    what = "INSi dit avoir fini un lot sans donner tous ses résultats ({missing} manquent)."
    data_state = "Aucun statut n'a changé pour ce lot."
    advice = "Réessayez depuis « Envois ». Si cela se répète, transmettez l'identifiant au support."


class RecallNotNeeded(UsagerError):
    """The person is not in the list, or no longer."""

    code = "USA-014"
    what = "Cette personne n'est pas dans la liste des appels prévus."
    advice = "Rechargez la page : quelqu'un l'a peut-être déjà retirée."


class RecallDateInThePast(UsagerError):
    """A next visit is not yesterday."""

    code = "USA-015"
    what = "La date de la prochaine venue est déjà passée."
    advice = "Indiquez aujourd'hui ou un jour à venir, ou laissez la date vide."


class UnknownDevice(UsagerError):
    """Not a high-trust document of the list (RNIV 1, EXI SI 10)."""

    code = "USA-008"
    what = "Cette pièce ne fait pas partie des documents de haut niveau de confiance."
    advice = "Choisissez une pièce de la liste : carte d'identité, passeport ou titre de séjour, par exemple."


class DiscrepancyToSettle(UsagerError):
    """The document seen and INSi disagree on a strict trait: the identity stays validée (RNIV 1)."""

    code = "USA-020"
    what = "La pièce contrôlée et INSi ne disent pas la même chose sur un trait strict : {traits}."
    data_state = "L'identité reste validée, rien n'a été modifié."
    advice = (
        "Relisez la pièce. Si elle donne raison à INSi, corrigez les traits puis rappelez INSi. Sinon, "
        "mettez la réponse de côté : la personne fait corriger la base officielle."
    )


class ReasonMissing(UsagerError):
    """The change must say why."""

    code = "USA-021"
    what = "Il manque le motif de la modification."
    advice = "Écrivez en quelques mots ce que vous avez vu. Le motif reste dans l'histoire de l'identité."


class NothingChanged(UsagerError):
    """The traits given are those of the identity."""

    code = "USA-022"
    what = "Les traits sont déjà ceux-ci."
    advice = "Modifiez au moins un trait, ou revenez à l'identité."


class SameTraitsAsAnother(UsagerError):
    """Another identity of the organisme has exactly these five traits."""

    code = "USA-023"
    what = "Une autre identité de l'organisme porte exactement ces cinq traits (n° {number})."
    advice = (
        "Ce sont peut-être deux identités d'une même personne : montrez-les au référent identitovigilance "
        "avant de modifier."
    )


class CardToReadAgain(UsagerError):
    """The question is over: what the card said was forgotten with it."""

    code = "USA-070"
    what = "La carte Vitale n'est plus connue : ce qu'elle dit n'est pas gardé après l'appel à INSi."
    advice = "Relisez la carte, ou appelez INSi par les traits."


class CardChanged(UsagerError):
    """Another card, or another content, since the person was shown."""

    code = "USA-071"
    what = "La carte dans le lecteur n'est plus celle qui a été lue."
    advice = "Relisez la carte, puis choisissez à nouveau la personne."


class NoCardReader(UsagerError):
    """No reader of cartes Vitale in this installation."""

    code = "USA-072"
    http_status = 404
    what = "Aucun lecteur de carte Vitale n'est réglé ici."
    advice = "Appelez INSi par les traits."
