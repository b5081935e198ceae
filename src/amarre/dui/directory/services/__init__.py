"""Use cases of the directory, one module each."""
