"""What projets write in the trace."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb("projet.written", "a écrit un projet personnalisé", details=frozenset({"version"})),
    Verb("projet.validated", "a validé un projet personnalisé", details=frozenset({"version"})),
    Verb("projet.drafts_consulted", "a consulté ses brouillons de projet", reading=True),
    Verb("projet.consulted", "a consulté un projet personnalisé", reading=True),
)
