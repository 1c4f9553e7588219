"""Judging without storing: records and catalogues in, a report out; for the command line and over HTTP."""
