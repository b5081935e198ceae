"""The national services, simulated on loopback."""
