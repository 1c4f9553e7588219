"""Catalogues of decision matters and their entries, joined with the records that are kept and judged like these."""
