"""Acts on the documents received or written elsewhere."""
