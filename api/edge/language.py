"""Which language an answer is given in: Chinese, unless the caller prefers English."""

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
    for part in header.split(","):
        name, _, weight = part.strip().partition(";")
        language = name.strip().lower().split("-")[0]
        if language in liked:
            liked[language] = max(liked[language], _weight(weight))
    return "en" if liked["en"] > liked["zh"] else "zh"


def _weight(text: str) -> float:
    name, _, value = text.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
