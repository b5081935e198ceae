"""Indicators: what an establishment did, counted from the acts that services accepted."""
