"""The control page: what each service received, situations, reset. Not part of any real service."""
