"""The rounds of every step of a lawful matter, chapter by chapter."""
