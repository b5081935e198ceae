"""Views of the documents."""
