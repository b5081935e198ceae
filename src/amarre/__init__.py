"""Amarre: an open dossier usager informatisé moored to the French national health services."""
