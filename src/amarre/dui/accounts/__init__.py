"""People who log in, and how."""
