"""The whole chain, link by link, as a person would go through it in a browser without script."""
