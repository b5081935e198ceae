"""French words that depend on a number."""

from __future__ import annotations


def counted(count: int, *words: str) -> str:
    """Return « 1 contrôle respecté », « 2 contrôles respectés »: every word takes the plural."""
    return f"{count} " + " ".join(word + ("s" if count > 1 else "") for word in words)
