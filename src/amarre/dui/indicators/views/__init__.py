"""Views of the indicators."""
