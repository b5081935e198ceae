"""One thin client per national service, playing requests over a transport."""
