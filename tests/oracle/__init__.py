"""A second, plain way from a record and a card to the verdict, and records and cards drawn at random.

`verdict` shares nothing with what it checks but the models that are read: no terms, no formulas, no arrays. It goes
day by day and round by round. `world`, `records` and `cards` draw what is judged, always the same for a seed.
"""
