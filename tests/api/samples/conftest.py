"""The made-up district's year on each database, as for summaries."""

from tests.api.summaries.conftest import year

__all__ = ["year"]
