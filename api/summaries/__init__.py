"""Compliance summaries: how often cards are satisfied and violated, by unit, step, card, month, place and level."""
