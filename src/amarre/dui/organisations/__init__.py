"""Who accompanies: organisme gestionnaire, establishments, units, and their connector settings."""
