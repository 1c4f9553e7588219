"""The rulebook: cards, parameters, jurisdictions, procedures and calendars of a folder, read, linted and digested."""
