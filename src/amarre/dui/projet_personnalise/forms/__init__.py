"""Forms of the projet personnalisé."""
