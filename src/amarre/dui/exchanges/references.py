"""Identifiers a person can read over the telephone."""

from __future__ import annotations

import secrets

# No 0/O, 1/I/L, 5/S, 8/B: read aloud without mistake. 27^8 values.
ALPHABET = "ACDEFGHJKMNPQRTUVWXYZ234679"


def new_reference(prefix: str = "ECH") -> str:
    """Return a reference such as `ECH-7K3Q-M4TR`: random, says nothing of anyone."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"
