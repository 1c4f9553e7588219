"""Receipts: what an answer rests on, the same again for the same question."""
