"""Plans: when the steps that are left have to begin before a meeting."""
