"""Whether the service runs, for those who run it."""
