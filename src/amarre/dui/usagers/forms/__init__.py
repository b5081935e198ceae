"""Forms of the identities and dossiers."""
