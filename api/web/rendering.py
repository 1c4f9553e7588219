"""From what is known to a page: templates, languages, and what every page shows.

Templates escape whatever they are given, and refuse a name that nobody gave them.
"""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.clock import today
from api.context import service_of
from api.identity.callers import Caller
from api.identity.cookies import SESSION, read_cookie
from api.identity.sessions import csrf_of
from api.web.assets import address_of
from api.web.languages import TAGS, page_language, translations
from api.web.navigation import NAVIGATION
from engine.calendar.moment import LOCAL
from engine.vocabulary import Bilingual, Language, Word

TEMPLATES: Final = Path(__file__).parent / "templates"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a browser may load for a page: nothing from elsewhere, and nothing that stands in the page itself."""

_OF_A_PAGE: Final = frozenset({"cursor", "done"})
"""What in an address is about one page of a list only."""

Told = Bilingual | Word | str | date | datetime | int | None


def page(
    request: Request,
    template: str,
    *,
    caller: Caller | None = None,
    status: int = 200,
    **values: Any,  # noqa: ANN401 - what the template names
) -> HTMLResponse:
    """Render a template as a page; `values`: what it names beside what every page knows."""
    language = page_language(request)
    text = (
        environment(language)
        .get_template(template)
        .render(
            **_of_every_page(request, language, caller),
            **values,
        )
    )
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Language": TAGS[language],
        "Vary": "Accept-Language, Cookie",
        "Cache-Control": "private, no-store",
    }
    return HTMLResponse(text, status_code=status, headers=headers)


@cache
def environment(language: Language) -> Environment:
    """Return the templates, as they speak a language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters["say"] = lambda value: say(value, language)
    made.globals["asset"] = address_of
    made.globals["lang"] = language
    made.globals["lang_tag"] = TAGS[language]
    return made


def say(value: Told, language: Language) -> str:
    """Say in a language what has names in both; days and times as they are read there, nothing for None."""
    match value:
        case None:
            return ""
        case Bilingual() | Word():
            return value.say(language)
        case datetime():
            return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
    return str(value)


def _of_every_page(request: Request, language: Language, caller: Caller | None) -> dict[str, Any]:
    service = service_of(request)
    secret = read_cookie(request, SESSION, secure=service.settings.secure_cookies)
    query = request.url.query
    return {
        "caller": caller,
        "csrf": csrf_of(secret) if caller and secret else "",
        "navigation": NAVIGATION[caller.role] if caller else (),
        "path": request.url.path,
        "here": f"{request.url.path}?{query}" if query else request.url.path,
        "asked_for": [(name, value) for name, value in request.query_params.multi_items() if name not in _OF_A_PAGE],
        "other_language": "en" if language == "zh" else "zh",
        "rulebook_digest": service.rulebook.digest,
        "today": today(),
    }
