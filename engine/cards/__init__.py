"""The rule card: one duty, as data, with what surrounds it."""
