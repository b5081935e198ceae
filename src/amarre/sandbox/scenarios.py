"""The situations chosen on the control page: one per service, for some exchanges or until reset."""

from __future__ import annotations

import threading

# Given to every HTTPS service by the server itself: name → French description.
COMMON: dict[str, str] = {
    "indisponible": "Le service répond 503 sans rien traiter.",
    "reponse-lente": "La demande est traitée, la réponse arrive après 30 secondes.",
    "reponse-perdue": "La demande est traitée et enregistrée, la connexion est coupée sans réponse.",
    "coupure-avant": "La connexion est coupée avant tout traitement.",
    "page-html": "Un équipement du réseau répond une page HTML à la place du service ; rien n'est traité.",
    "reponse-tronquee": "La demande est traitée, la réponse est coupée au milieu.",
    "reponse-goutte-a-goutte": "La demande est traitée, la réponse arrive très lentement.",
    "reponse-geante": "La demande est traitée, la réponse annonce 10 Go.",
    "reponse-illisible": "La demande est traitée, la réponse contient des octets illisibles.",
}


class ActiveScenarios:
    """What is chosen now. Safe between threads; forgotten when the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chosen: dict[str, tuple[str, int | None]] = {}

    def choose(self, service: str, name: str, count: int | None = None) -> None:
        """Make `name` active for `service`, for `count` exchanges (None: until reset). "" returns to normal.

        Raises ValueError when `count` is not positive.
        """
        if count is not None and count < 1:
            raise ValueError("count must be positive")
        with self._lock:
            if name:
                self._chosen[service] = (name, count)
            else:
                self._chosen.pop(service, None)

    def active(self, service: str) -> str:
        """Return the situation active for `service`, "" when it behaves normally."""
        with self._lock:
            return self._chosen.get(service, ("", None))[0]

    def remaining(self, service: str) -> int | None:
        """Return how many exchanges the situation still has, None when it lasts until reset."""
        with self._lock:
            return self._chosen.get(service, ("", None))[1]

    def consume(self, service: str) -> str:
        """Return the active situation and count one use."""
        with self._lock:
            name, count = self._chosen.get(service, ("", None))
            if count is not None:
                if count <= 1:
                    del self._chosen[service]
                else:
                    self._chosen[service] = (name, count - 1)
            return name

    def reset(self) -> None:
        """Return every service to normal."""
        with self._lock:
            self._chosen.clear()
