"""The trail over HTTP: its entries, its head, whether it still stands, and what auditors have read."""
