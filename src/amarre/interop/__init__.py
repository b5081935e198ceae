"""The protocol kit: models into bytes, bytes into models. No Django, no clock, no I/O outside `transport`."""
