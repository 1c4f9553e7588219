"""Made-up records by the million, with the truth about them: what was planted, and what it must give (虚构)."""
