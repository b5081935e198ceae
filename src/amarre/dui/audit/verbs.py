"""Verbs of the trace itself."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(Verb("audit.consulted", "a consulté le journal des accès", reading=True))
