"""Views of the documents to write."""
