"""Text to plain data, and what is wrong with a text, with file, line and field."""
