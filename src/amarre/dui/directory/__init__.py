"""Correspondents: the Annuaire Santé, and our own copies of those already chosen."""
