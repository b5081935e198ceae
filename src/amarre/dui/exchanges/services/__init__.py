"""Use cases of the outbox, one module each."""
