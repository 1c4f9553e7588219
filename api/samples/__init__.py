"""Samples of records: random, or from each stratum, the same for the same seed."""
