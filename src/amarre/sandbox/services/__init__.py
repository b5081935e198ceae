"""One folder per national service."""
