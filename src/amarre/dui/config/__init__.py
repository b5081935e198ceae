"""Project configuration: settings by environment, addresses, start-up checks."""
