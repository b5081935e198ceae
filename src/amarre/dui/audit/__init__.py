"""The trace: who did or read what, for which establishment, when; append-only, sealed in a chain."""
