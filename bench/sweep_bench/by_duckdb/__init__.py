"""The frozen DuckDB query."""
