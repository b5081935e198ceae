"""Doors of the context: what it adds to the frame (`frame`), and rendering without a database (`render`)."""
