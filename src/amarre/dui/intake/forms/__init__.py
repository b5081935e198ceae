"""Forms of the documents brought from elsewhere."""
