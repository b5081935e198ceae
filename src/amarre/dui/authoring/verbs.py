"""What the documents to write leave in the trace."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb("ecrit.written", "a écrit dans un brouillon de document", details=frozenset({"type", "version"})),
    Verb("ecrit.validated", "a validé un document", details=frozenset({"type", "version"})),
    Verb("ecrit.discarded", "a jeté un brouillon de document", details=frozenset({"type", "version"})),
    Verb("ecrit.consulted", "a ouvert un brouillon de document", reading=True),
    Verb("ecrit.list_consulted", "a consulté les documents à écrire d’un dossier", reading=True),
    Verb("ecrit.drafts_consulted", "a consulté ses brouillons de documents", reading=True),
    Verb("standard_text.written", "a modifié un texte type", details=frozenset({"fields"})),
    Verb("standard_text.retired", "a retiré un texte type"),
)
