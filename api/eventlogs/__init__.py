"""Event logs of other systems: read as records through a mapping file, and written from records."""
