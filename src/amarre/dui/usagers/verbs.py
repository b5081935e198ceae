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
    Verb("insi.requested", "a demandé une recherche INSi"),
    Verb("insi.answered", "a reçu la réponse d'INSi", details=frozenset({"outcome", "calls"})),
    Verb("insi.accepted", "a accepté la réponse d'INSi"),
    Verb("insi.set_aside", "a mis de côté la réponse d'INSi"),
    Verb(
        "dmp.information_recorded", "a enregistré l'information sur le DMP", details=frozenset({"decision"})
    ),
    Verb(
        "usagers.imported",
        "a importé une liste d'usagers",
        details=frozenset({"created", "known", "refused"}),
    ),
)
