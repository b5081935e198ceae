"""The demonstration's data: the cast, loaded through the services. Never part of a production installation."""
