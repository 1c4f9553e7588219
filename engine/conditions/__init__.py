"""Conditions as text: Python's syntax, parsed into the closed tree of terms."""
