"""What may prevent an écart, a pair or a collision from being settled."""

from __future__ import annotations

from amarre.dui.access.errors import AccessError
from amarre.dui.usagers.errors import UsagerError
from amarre.interop.common.errors import Contact


class DiscrepancySettled(UsagerError):
    """The écart was settled by somebody else, or replaced by a newer answer."""

    code = "USA-030"
    what = "Cet écart est déjà traité."
    advice = "Rechargez la page : elle dit qui l'a traité, et comment."


class DocumentNotRead(UsagerError):
    """The base cannot be corrected from a document nobody typed."""

    code = "USA-031"
    what = "Personne n'a encore recopié la pièce d'identité."
    advice = "Recopiez d'abord la pièce dans le formulaire de l'écart, puis corrigez la base."


class NoAnswerToTake(UsagerError):
    """INSi returned no identity that could replace the traits."""

    code = "USA-032"
    what = "INSi n'a donné aucune identité à reprendre pour cet écart."
    advice = "Corrigez les traits d'après la pièce, puis rappelez INSi."


class MergeRefused(UsagerError):
    """The two rows cannot become one: same row, other organisme, already absorbed, or fictive."""

    code = "USA-040"
    what = "Ces deux identités ne peuvent pas être réunies : {reason}"
    advice = "Rechargez la liste des doublons, puis reprenez depuis la paire à examiner."


class MergeOfTwoIns(UsagerError):
    """Each holds its own active INS, and none is a former one of the other: two persons for the State."""

    code = "USA-041"
    what = "Chaque identité porte sa propre INS : pour INSi, ce sont deux personnes."
    advice = (
        "Rappelez INSi pour les deux. Si c'est bien une seule personne, l'ancien numéro revient dans "
        "l'historique, et la fusion devient possible."
    )


class ExchangeInFlight(UsagerError):
    """Something about one of the two is leaving now."""

    code = "USA-042"
    what = "Un envoi est en cours pour l'une des deux identités ({references})."
    advice = "Attendez qu'il soit terminé, ou classez-le dans « Envois », puis recommencez."


class RightMissingElsewhere(UsagerError):
    """A dossier of the two is in an establishment where the person may not qualify identities."""

    code = "USA-043"
    http_status = 403
    what = "Ces identités sont aussi suivies là où vous n'êtes pas référent identité : {places}."
    advice = "Montrez cette paire au référent de ces établissements : il peut décider avec vous."


class MergeNotUndoable(UsagerError):
    """The survivor was absorbed in its turn, or this fusion is undone already."""

    code = "USA-044"
    what = "Cette fusion ne peut pas être défaite maintenant : {reason}"
    advice = "Défaites d'abord la fusion la plus récente, depuis la page « Fusions »."


class IdentityDeactivated(UsagerError):
    """The identity was absorbed by another one since."""

    code = "USA-045"
    what = "Cette identité a été réunie à une autre (n° {number})."
    advice = "Ouvrez l'identité qui reste : ses dossiers y sont tous."


class PairJudged(UsagerError):
    """Somebody already said what these two identities are."""

    code = "USA-046"
    what = "Cette paire a déjà été examinée."
    advice = "Rechargez la liste des doublons : la décision et son auteur y sont."


class CollisionAlreadyOpen(UsagerError):
    """One procedure at a time for an identity."""

    code = "USA-047"
    what = "Une procédure de collision est déjà ouverte pour cette identité."
    advice = "Continuez celle qui est ouverte, depuis « Identités »."


class CollisionClosed(UsagerError):
    """The procedure is over."""

    code = "USA-048"
    what = "Cette procédure de collision est close."
    advice = "Si un nouveau doute apparaît, ouvrez-en une autre depuis l'identité."


class CollisionPointsLeft(UsagerError):
    """A procedure ends when every point was checked."""

    code = "USA-049"
    what = "Il reste {count} point(s) à contrôler avant de conclure."
    advice = "Faites chaque contrôle de la liste et cochez-le, puis concluez."


class DossierJoined(AccessError):
    """A fusion joined the dossier to another one, where one goes on writing. Parameter: `number`."""

    code = "USA-050"
    http_status = 409
    contact = Contact.REFERENT_IDENTITE
    what = "Ce dossier a été réuni au dossier n° {number} : il se lit, on n'y écrit plus."
    advice = "Ouvrez le dossier n° {number} et recommencez-y."
