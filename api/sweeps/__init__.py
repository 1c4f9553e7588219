"""Sweeps over many records: from a source, part by part, to findings, counts and summaries on disk."""
