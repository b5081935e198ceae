"""Views of the projet personnalisé."""
