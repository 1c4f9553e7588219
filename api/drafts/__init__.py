"""Drafts: what somebody has typed into a form and not saved yet. Theirs alone, and no part of any record."""
