"""Use cases of the accounts."""
