"""Views of the documents received or written elsewhere."""
