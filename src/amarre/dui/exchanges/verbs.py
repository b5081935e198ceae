"""What the outbox writes in the trace."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb("exchange.accepted", "a obtenu l'accord du service pour un envoi", details=frozenset({"kind"})),
    Verb("exchange.refused", "a reçu le refus du service pour un envoi", details=frozenset({"kind"})),
    Verb("exchange.given_up", "a arrêté les tentatives d'un envoi", details=frozenset({"kind"})),
    Verb("exchange.resumed", "a relancé un envoi", details=frozenset({"kind"})),
    Verb("exchange.cancelled", "a annulé un envoi avant son départ", details=frozenset({"kind", "code"})),
    Verb("exchange.confirmed", "a approuvé un envoi", details=frozenset({"kind"})),
    Verb("exchange.closed", "a classé un envoi sans suite", details=frozenset({"kind"})),
    Verb("exchange.consulted", "a consulté les envois", reading=True),
)
