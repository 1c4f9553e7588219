"""Findings with their history: opened, changed, rectified, reopened."""
