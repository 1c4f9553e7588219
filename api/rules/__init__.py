"""The rulebook over HTTP: cards, coverage, rulebooks by digest."""
