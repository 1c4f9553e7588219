"""Who asks, what they may do, and how far they reach. Decides no law and knows no record."""
