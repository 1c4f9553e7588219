"""Judging: rulebooks by digest, the live evaluator and its stand-in, judgements kept, re-evaluation as days pass."""
