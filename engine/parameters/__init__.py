"""Jurisdictions as a dated tree, and the parameters that differ by jurisdiction, organ level and date."""
