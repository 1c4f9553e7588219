"""Sweeps at the scale of a country: ours, and the same forty cards in queries that were written by hand and frozen."""
