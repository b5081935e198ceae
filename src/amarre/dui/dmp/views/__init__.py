"""Pages of the DMP."""
