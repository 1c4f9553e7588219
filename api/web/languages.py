"""In which language a page is shown: the one that was clicked, else the one that the browser prefers.

Texts of templates are written in Chinese; the catalogue `translations/en.po` holds them in English.
"""

import io
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi import Request

from api.edge.language import language_of
from engine.vocabulary import Language

COOKIE: Final = "duecourse_language"
SECONDS: Final = 365 * 86_400
CATALOGUE: Final = Path(__file__).parent / "translations" / "en.po"
TAGS: Final[Mapping[Language, str]] = MappingProxyType({"zh": "zh-CN", "en": "en"})
"""What stands in `lang` of a page."""


def page_language(request: Request) -> Language:
    """Return the language of a page."""
    chosen = request.cookies.get(COOKIE)
    if chosen in TAGS:
        return "en" if chosen == "en" else "zh"
    return language_of(request.scope)


@cache
def translations(language: Language) -> NullTranslations:
    """Return how texts of templates are said in a language."""
    if language == "zh":
        return NullTranslations()
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
