"""Use cases of the indicators."""
