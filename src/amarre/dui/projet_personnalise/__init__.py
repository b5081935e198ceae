"""The projet personnalisé: expectations, objectives, actions, agreement."""
