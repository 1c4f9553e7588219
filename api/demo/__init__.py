"""The made-up district as a demonstration: its units, its people, and its year's matters. Nothing of it is real."""
