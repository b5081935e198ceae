"""What the DMP writes in the trace."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb("dmp.page_consulted", "a ouvert l'onglet DMP d'un dossier", reading=True),
    Verb("dmp.agreement_consulted", "a consulté la réponse de la personne sur son DMP", reading=True),
    Verb(
        "dmp.status_asked",
        "a demandé si la personne a un DMP ouvert",
        details=frozenset({"mode", "state", "authorisation", "failure"}),
        reading=True,
    ),
    Verb(
        "dmp.list_consulted",
        "a consulté la liste des documents du DMP",
        details=frozenset({"mode", "results", "failure"}),
        reading=True,
    ),
    Verb(
        "dmp.document_consulted",
        "a consulté un document du DMP",
        details=frozenset({"mode", "document", "match", "failure"}),
        reading=True,
    ),
    Verb(
        "dmp.administrative_data_consulted",
        "a consulté les données administratives du DMP",
        details=frozenset({"mode", "failure"}),
        reading=True,
    ),
    Verb("dmp.opened_online", "a ouvert le DMP en ligne", reading=True),
    Verb("dmp.access_declared", "a déclaré son accès au DMP", details=frozenset({"mode", "failure"})),
    Verb("dmp.access_removed", "a retiré son accès au DMP", details=frozenset({"mode", "failure"})),
    Verb(
        "dmp.change_requested",
        "a demandé de changer un document au DMP",
        details=frozenset({"change", "version"}),
    ),
    Verb("dmp.changed", "a changé un document au DMP", details=frozenset({"change", "version"})),
    Verb("dmp.rule_changed", "a changé une règle de dépôt", details=frozenset({"type", "decision"})),
    Verb("dmp.proposal_set_aside", "a écarté un document à déposer", details=frozenset({"version"})),
    Verb("dmp.deposits_consulted", "a consulté les documents à déposer", reading=True),
    Verb(
        "dmp.reception_checked",
        "a demandé au DMP s'il a un document",
        details=frozenset({"version", "conclusion"}),
    ),
    Verb("dmp.reception_consulted", "a consulté le contrôle de réception", reading=True),
    Verb(
        "dmp.deposit_noted_gone",
        "a noté qu'un document a été supprimé du DMP",
        details=frozenset({"version"}),
    ),
    Verb(
        "dmp.deposit_corrected",
        "a fait corriger l'état d'un dépôt d'après le DMP",
        details=frozenset({"version"}),
    ),
    Verb(
        "dmp.connection_tested",
        "a testé la liaison avec le DMP",
        details=frozenset({"environment", "failure"}),
    ),
    Verb("dmp.readiness_consulted", "a consulté « Prêt pour le DMP ? »", reading=True),
    Verb("dmp.preparation_noted", "a noté une étape de préparation du DMP", details=frozenset({"point"})),
    Verb("dmp.deposit_approved", "a approuvé le dépôt d'un document", details=frozenset({"version"})),
    Verb("dmp.deposit_declined", "n'a pas approuvé le dépôt d'un document", details=frozenset({"version"})),
)
