"""Forms of the documents to write."""
