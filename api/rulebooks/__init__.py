"""Rulebooks over HTTP: which are kept, which is active; an admin adds one and activates it."""
