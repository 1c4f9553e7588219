"""Benchmarks: one case, millions of cases, a hand-written query, and other rules engines, in one run."""
