"""The one vocabulary of exchanges, the same in the database, on the screens and in the guide."""

from django.db import models


class State(models.TextChoices):
    """Where an exchange stands with its first correspondent (the national service or the mail operator)."""

    A_VALIDER = "a_valider", "À valider"
    EN_FILE = "en_file", "En file"
    ENVOYE = "envoye", "Envoyé"
    ACCEPTE = "accepte", "Accepté"
    REFUSE = "refuse", "Refusé"
    INCONNU = "inconnu", "Inconnu"
    A_REFAIRE = "a_refaire", "À refaire"
    # Stopped before anything left: by a person, by an opposition, by a newer version.
    ANNULE = "annule", "Annulé"


class Receipt(models.TextChoices):
    """What the final recipient's side says afterwards: a separate axis, mail only."""

    AUCUN = "", "Pas encore de nouvelles"
    REMIS = "remis", "Remis"
    LU = "lu", "Lu"
    REJETE = "rejete", "Rejeté"


# States in which the worker still owes something; they block what follows in the same lane.
OPEN_STATES = (State.EN_FILE, State.ENVOYE, State.INCONNU)
# States that wait for a person.
WAITING_FOR_SOMEONE = (State.REFUSE, State.A_REFAIRE, State.A_VALIDER)
