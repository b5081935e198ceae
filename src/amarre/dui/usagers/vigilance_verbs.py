"""What écarts, doublons, fusions and collisions write in the trace."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb("discrepancy.opened", "a vu s'ouvrir un écart d'identité", details=frozenset({"kind", "origin"})),
    Verb("discrepancy.settled", "a traité un écart d'identité", details=frozenset({"decision"})),
    Verb("discrepancy.document_read", "a recopié une pièce d'identité", details=frozenset({"device"})),
    Verb("discrepancy.consulted", "a consulté un écart d'identité", reading=True),
    Verb("discrepancy.list_consulted", "a consulté la liste des écarts d'identité", reading=True),
    Verb("duplicate.consulted", "a comparé deux identités", reading=True),
    Verb("duplicate.list_consulted", "a consulté la liste des doublons", reading=True),
    Verb("duplicate.distinct", "a dit que deux identités sont deux personnes"),
    Verb("identity.merged", "a réuni deux identités", details=frozenset({"merge", "dossiers", "side"})),
    Verb("identity.unmerged", "a séparé deux identités", details=frozenset({"merge", "dossiers", "side"})),
    Verb("collision.opened", "a ouvert une procédure de collision", details=frozenset({"level"})),
    Verb("collision.point_checked", "a contrôlé un point d'une collision", details=frozenset({"point"})),
    Verb("collision.closed", "a conclu une procédure de collision", details=frozenset({"conclusion"})),
    Verb("collision.consulted", "a consulté une procédure de collision", reading=True),
    Verb("identity.departures_exported", "a exporté ce qui est parti d'une identité", reading=True),
    Verb("vigilance.consulted", "a consulté les indicateurs d'identitovigilance", reading=True),
    Verb("vigilance.settings_changed", "a réglé les délais d'identitovigilance"),
    Verb(
        "evidence.copy_kept", "a gardé la copie d'une pièce d'identité", details=frozenset({"pages", "until"})
    ),
    Verb("evidence.copy_consulted", "a regardé la copie d'une pièce d'identité", reading=True),
    Verb("evidence.copy_erased", "a effacé la copie d'une pièce d'identité", details=frozenset({"end"})),
    Verb(
        "evidence.copies_chosen",
        "a choisi si l'établissement garde des copies de pièces d'identité",
        details=frozenset({"kept", "days"}),
    ),
)
