"""Decision records: chains of versions that are never changed, what proves them, and who vouches for them."""
