"""The annual report on decision matters: each number with the query behind it, as DOCX and Markdown."""
