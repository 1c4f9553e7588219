"""The work list: what the records that a unit leads still ask of it, and by when."""
