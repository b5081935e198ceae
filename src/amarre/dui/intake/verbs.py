"""What the documents received or written elsewhere leave in the trace."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb(
        "received.filed",
        "a classé un document reçu",
        details=frozenset({"origin", "media", "match", "confirmed"}),
    ),
    Verb("received.consulted", "a consulté un document reçu", reading=True),
    Verb("import.refused", "a proposé un fichier que l'entrée refuse", details=frozenset({"code"})),
    Verb(
        "import.brought",
        "a apporté un document écrit ailleurs",
        details=frozenset({"type", "pages", "files", "notes", "text", "outside"}),
    ),
    Verb("import.described", "a corrigé la description d'un document apporté", details=frozenset({"fields"})),
    Verb("import.taken_over", "a pris la responsabilité d'un document apporté"),
    Verb("import.validated", "a validé un document apporté", details=frozenset({"version", "outside"})),
    Verb("import.declined", "a refusé un document apporté"),
    Verb("import.reopened", "a remis un document apporté à valider"),
    Verb("import.consulted", "a consulté un document apporté", reading=True),
    Verb("import.list_consulted", "a consulté les documents à valider", reading=True),
)
