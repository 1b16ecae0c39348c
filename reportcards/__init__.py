"""Outcome indicators and the cards that show them: every number with its source, its uncertainty and its meaning."""
