"""Reviews: what the body that decides has decided about a finding, and for how long that holds."""
