"""What is planted in lawful records: one change each, with what it must give by the law. No card is asked."""
