"""Commands of the identities."""
