"""Who may read what we deposited: chosen before, changed after (TD3.3)."""
