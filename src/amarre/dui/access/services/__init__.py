"""Use cases of the rights."""
