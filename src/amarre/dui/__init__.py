"""The record: a Django project, one app per bounded context."""
