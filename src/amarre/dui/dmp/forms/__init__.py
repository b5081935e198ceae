"""Forms of the DMP."""
