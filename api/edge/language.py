"""Which language an answer is given in: Chinese, unless the caller prefers English."""

import re
from functools import lru_cache
from typing import Final

from starlette.types import Scope

from engine.vocabulary import Language

ENGLISH: Final = "en"
HEADER: Final = b"accept-language"
LONGEST: Final = 200
"""A header that is longer says nothing that is worth reading."""


def language_of(scope: Scope) -> Language:
    """Return the language of the answer to a request, by its header `Accept-Language`."""
    for name, value in scope["headers"]:
        if name == HEADER:
            return preferred(value.decode("latin-1")[:LONGEST])
    return "zh"


@lru_cache(maxsize=256)
def preferred(header: str) -> Language:
    """Return the language that a header `Accept-Language` likes best; Chinese in doubt."""
    liked = {"zh": 0.0, "en": 0.0}
    for name, weight in weighted(header):
        language = name.split("-")[0]
        if language in liked:
            liked[language] = max(liked[language], weight)
    return "en" if liked["en"] > liked["zh"] else "zh"


def weighted(header: str) -> tuple[tuple[str, float], ...]:
    """Return what a header such as `Accept` lists, in small letters, with the weight of each, the best first."""
    parts = (part.strip().partition(";") for part in header.split(","))
    named = ((name.strip().lower(), _weight(rest)) for name, _, rest in parts)
    return tuple(sorted(named, key=lambda pair: -pair[1]))


def _weight(text: str) -> float:
    given = _WEIGHT.search(text)
    return min(float(given[1]), 1.0) if given else 1.0


_WEIGHT: Final = re.compile(r"\bq\s*=\s*([0-9]+(?:\.[0-9]*)?)")
