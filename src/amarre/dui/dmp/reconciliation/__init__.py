"""« Contrôle de réception »: what we believe of each deposit, against what the DMP holds."""
