"""The kinds of duty: what a card may demand, and what each demand means in terms."""
