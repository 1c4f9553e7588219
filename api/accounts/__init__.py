"""Accounts, tokens and logging in over HTTP."""
