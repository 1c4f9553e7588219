"""The question that the forty cards of the frozen queries are asked."""

from typing import Any, Final

from bench.sweep_bench import by_polars

QUESTION: Final[dict[str, Any]] = {"as_of": by_polars.AS_OF, "known_at": by_polars.KNOWN_AT}
