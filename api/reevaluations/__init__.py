"""Judging records anew as days pass and rules change, with a report of which verdicts changed and why."""
