"""Screens of the identities and dossiers."""
