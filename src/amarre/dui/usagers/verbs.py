"""What identities and dossiers write in the trace."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register
from amarre.dui.usagers import vigilance_verbs

__all__ = ["vigilance_verbs"]

register(
    Verb("dossier.created", "a ouvert un dossier"),
    Verb("dossier.consulted", "a consulté un dossier", reading=True),
    Verb("dossier.list_consulted", "a consulté la liste des personnes", reading=True),
    Verb("identity.searched", "a cherché une personne", details=frozenset({"results"}), reading=True),
    Verb("identity.consulted", "a consulté une identité", reading=True),
    Verb("identity.matricule_consulted", "a affiché un matricule INS", reading=True),
    Verb("identity.changed", "a modifié une identité", details=frozenset({"fields", "event"})),
    Verb("identity.evidence_recorded", "a enregistré une pièce d'identité", details=frozenset({"device"})),
    Verb("insi.requested", "a demandé une recherche INSi", details=frozenset({"means"})),
    Verb("insi.answered", "a reçu la réponse d'INSi", details=frozenset({"outcome", "calls"})),
    Verb("insi.accepted", "a accepté la réponse d'INSi"),
    Verb("insi.set_aside", "a mis de côté la réponse d'INSi"),
    Verb(
        "verification.started", "a lancé la vérification de la file active", details=frozenset({"identities"})
    ),
    Verb("verification.lot_answered", "a reçu les résultats d'un lot", details=frozenset({"lot", "results"})),
    Verb("verification.stopped", "a arrêté la vérification de la file active"),
    Verb("verification.consulted", "a consulté une vérification", reading=True),
    Verb("verification.exported", "a exporté les résultats d'une vérification", reading=True),
    Verb("insi.verified", "a vérifié une identité auprès d'INSi", details=frozenset({"outcome"})),
    Verb("recall.noted", "a noté la prochaine venue pour INSi"),
    Verb("recall.closed", "a retiré une personne des appels à INSi prévus"),
    Verb("recall.list_consulted", "a consulté les appels à INSi prévus", reading=True),
    Verb("identity.card_read", "a lu une carte Vitale", details=frozenset({"persons"}), reading=True),
    Verb("identity.scanned", "a lu un Datamatrix INS", details=frozenset({"results", "means"}), reading=True),
    Verb(
        "dmp.information_recorded",
        "a noté ce que la personne répond sur son DMP",
        details=frozenset({"decision", "access", "said_by", "means"}),
    ),
    Verb(
        "usagers.imported",
        "a importé une liste d'usagers",
        details=frozenset({"created", "known", "refused"}),
    ),
)
