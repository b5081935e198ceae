"""The demonstration: the cast, loaded through the services. Never part of a production installation."""
