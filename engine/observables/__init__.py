"""What a card can ask of a case: the terms, the case table, and the one place where terms become columns."""
