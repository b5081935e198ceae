"""Loading the cast, in order: places, people, usagers, stories."""
