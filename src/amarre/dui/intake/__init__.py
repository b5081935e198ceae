"""Documents received or written elsewhere: papers imported in a dossier, copies of what was received."""
