"""Identities, dossiers, and what qualifies them."""
