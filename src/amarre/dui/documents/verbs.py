"""What documents write in the trace."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb("document.filed", "a classé un document", details=frozenset({"type", "version"})),
    Verb("document.consulted", "a consulté un document", details=frozenset({"version"}), reading=True),
    Verb(
        "dmp.deposit_requested",
        "a demandé le dépôt d'un document au DMP",
        details=frozenset({"version", "replaces", "hidden"}),
    ),
    Verb("dmp.deposited", "a déposé un document au DMP", details=frozenset({"version"})),
    Verb(
        "mssante.requested",
        "a envoyé un document par MSSanté",
        details=frozenset({"documents", "audience", "ins"}),
    ),
    Verb("mssante.accepted", "a remis un message à l'opérateur MSSanté", details=frozenset({"audience"})),
    Verb("mssante.receipt", "a lu un avis sur un message MSSanté", details=frozenset({"kind", "status"})),
    Verb("mssante.consulted", "a consulté les messages d'un dossier", reading=True),
    Verb("document.list_consulted", "a consulté la liste des documents", reading=True),
)
