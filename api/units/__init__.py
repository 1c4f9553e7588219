"""Units over HTTP: which there are, what they are called, what has become of them."""
