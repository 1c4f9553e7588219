"""The HTTP edge: statuses, headers, limits, exports. Decides how things are said over HTTP, and nothing else."""
