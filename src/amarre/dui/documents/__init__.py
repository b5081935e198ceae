"""Documents filed in a dossier, their versions, and what leaves: DMP deposits and MSSanté messages."""
