"""Which days are working days, and when a period ends: moments, holiday notices, the calendar, counting."""
