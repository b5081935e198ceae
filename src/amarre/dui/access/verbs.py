"""Verbs of the trace for the rights."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb("access.refused", "s’est vu refuser une action", details=frozenset({"code", "permission", "page"})),
    Verb("access.essms_chosen", "a choisi d’agir pour cet établissement"),
    Verb("access.form_resumed", "a renvoyé ce qui était écrit quand sa session s’est fermée"),
)
