"""Problems as RFC 9457 has them. The one place where the status of a refusal is chosen."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from pydantic_core import ErrorDetails
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from api import refusals
from api.edge.language import language_of
from api.edge.logs import LOG, fault
from api.refusals import REQUEST, RefusalError
from api.store.turns import StoreBusyError
from engine.reading.problems import Location, Problem, problems_of_details
from engine.vocabulary import Bilingual, Frozen, Language

MEDIA_TYPE: Final = "application/problem+json"
REQUEST_ID: Final = "duecourse.request"
"""Where a request's id stands in its scope."""
CODE: Final = "duecourse.code"
"""Where the code of the problem that answers a request stands in its scope, for the log."""

STATUSES: Final[Mapping[type[RefusalError], int]] = {
    refusals.UnreadableError: 400,
    refusals.UnauthenticatedError: 401,
    refusals.ForbiddenError: 403,
    refusals.UnknownError: 404,
    refusals.NotAcceptableError: 406,
    refusals.ConflictError: 409,
    refusals.StaleError: 412,
    refusals.TooLargeError: 413,
    refusals.WrongMediaError: 415,
    refusals.InvalidError: 422,
    refusals.UnconditionalError: 428,
    refusals.TooManyError: 429,
    refusals.UnavailableError: 503,
}


class ProblemPart(Frozen):
    """One thing that is wrong: where, what was given, what is expected, what to do."""

    code: str = Field(description="stable; for programs")
    file: str = Field(description="(body), (query), (path), (header), (request), or the name of a text that was sent")
    line: int
    field: str
    given: str
    expected: str
    do: str


class ProblemDocument(Frozen):
    """Why a request was refused. `code` is that of the first part, or of the whole."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request: str = Field(description="the id under which the operator finds the request in the log")
    problems: tuple[ProblemPart, ...]


_STORE_FAULTS: Final = (StoreBusyError, OperationalError, InterfaceError, PoolTimeoutError)


def status_of(refusal: RefusalError) -> int:
    """Return the status of a refusal, by its kind."""
    return next(STATUSES[kind] for kind in type(refusal).__mro__ if kind in STATUSES)


def install(app: FastAPI) -> None:
    """Let an application answer whatever goes wrong with a problem."""
    app.add_exception_handler(RefusalError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _by_framework)
    for error in _STORE_FAULTS:
        app.add_exception_handler(error, _without_store)


def refusal_answer(refusal: RefusalError, scope: Scope) -> Response:
    """Write a refusal as an answer."""
    headers = {}
    if isinstance(refusal, refusals.UnauthenticatedError):
        headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(refusal, refusals.TooManyError | refusals.UnavailableError):
        headers["Retry-After"] = str(refusal.seconds)
    return _answer(scope, status_of(refusal), refusal.title, refusal.problems, headers)


def fault_answer(scope: Scope) -> Response:
    """Write the answer for a fault of the program's own, which tells nothing of what went wrong inside."""
    return _answer(scope, 500, _FAULT, (_own("internal_error", "-", _NO_FAULT, _REPORT),), {})


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusalError)  # noqa: S101 - what it was installed for
    return refusal_answer(error, request.scope)


class StoreUnavailableError(refusals.UnavailableError):
    """The database does not answer, or not in time; nothing was written."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "store_unavailable",
            given="-",
            expected=Bilingual(zh="数据库可用", en="a database that answers"),
            do=Bilingual(zh="稍后重试", en="try again later"),
        )


async def _without_store(request: Request, error: Exception) -> Response:
    LOG.error("store", request=request.scope.get(REQUEST_ID), **fault(error))
    return refusal_answer(StoreUnavailableError(), request.scope)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it was installed for
    return refusal_answer(refusal_of(error), request.scope)


def refusal_of(error: RequestValidationError) -> RefusalError:
    """Tell what is wrong with the values of a request."""
    return refusals.InvalidError.of(_problems(error.errors(), error.body))


async def _by_framework(request: Request, error: Exception) -> Response:
    """Answer for what the framework refuses by itself: unknown addresses and methods, forms that it cannot read."""
    assert isinstance(error, HTTPException)  # noqa: S101 - what it was installed for
    scope = request.scope
    title, (code, expected, do) = _FRAMEWORK.get(error.status_code, _UNREADABLE)
    given = scope["method"] if error.status_code == _METHOD else scope["path"] if error.status_code == _ADDRESS else "-"
    return _answer(scope, error.status_code, title, (_own(code, given, expected, do),), dict(error.headers or {}))


def _own(code: str, given: str, expected: Bilingual, do: Bilingual) -> Problem:
    return Problem(code=code, file=REQUEST, line=1, field=REQUEST, given=given, expected=expected, do=do)


def _answer(
    scope: Scope, status: int, title: Bilingual, problems: Sequence[Problem], headers: dict[str, str]
) -> Response:
    language = language_of(scope)
    code = problems[0].code
    scope[CODE] = code
    document = ProblemDocument(
        type=f"urn:duecourse:problem:{code}",
        title=title.say(language),
        status=status,
        detail=_detail(problems, language),
        code=code,
        request=scope.get(REQUEST_ID, "-"),
        problems=tuple(_part(problem, language) for problem in problems),
    )
    headers |= {"Content-Language": language, "Vary": "Accept-Language"}
    content = document.model_dump_json().encode("utf-8", "replace")
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _part(problem: Problem, language: Language) -> ProblemPart:
    return ProblemPart(
        code=problem.code,
        file=problem.file,
        line=problem.line,
        field=problem.field,
        given=_printable(problem.given),
        expected=_printable(problem.expected.say(language)),
        do=_printable(problem.do.say(language)),
    )


def _printable(text: str) -> str:
    """Return a text that can be encoded: half a surrogate pair that was sent is shown as a question mark."""
    return text.encode("utf-8", "replace").decode()


def _detail(problems: Sequence[Problem], language: Language) -> str:
    first = problems[0]
    more = len(problems) - 1
    if language == "zh":
        rest = f"(另有{more}处)" if more else ""
        text = f"{first.field}: 输入为 {first.given};应为 {first.expected.zh};处理: {first.do.zh}{rest}"
    else:
        rest = f" (and {more} more)" if more else ""
        text = f"{first.field}: given {first.given}; expected {first.expected.en}; do {first.do.en}{rest}"
    return _printable(text)


def _problems(details: Sequence[Any], body: object) -> list[Problem]:
    """Translate what the framework found wrong with the parts of a request."""
    found: list[Problem] = []
    for detail in details:
        part, *place = detail["loc"] or ("request",)
        within = body if part == "body" else None
        told = cast("ErrorDetails", {**detail, "loc": tuple(place)})
        lines = {} if part != "body" else _written(tuple(place), within)
        found += problems_of_details([told], file=f"({part})", lines=lines)
    return found


def _written(place: Location, body: object) -> dict[Location, int]:
    """Return the places on the way to a place, as far as they are there in what was sent; all on line 1."""
    written: dict[Location, int] = {(): 1}
    at: Location = ()
    inside: Any = body
    for part in place:
        try:
            inside = inside[part]
        except (KeyError, IndexError, TypeError):
            continue
        at = (*at, part)
        written[at] = 1
    return written


_ADDRESS: Final = 404
_METHOD: Final = 405
_READABLE: Final = Bilingual(zh="可读取的请求", en="a request that can be read")
_CORRECT: Final = Bilingual(zh="按接口说明更正", en="correct it by the description of the interface")
_FAULT: Final = Bilingual(zh="服务内部出错", en="a fault of the service")
_NO_FAULT: Final = Bilingual(zh="服务正常", en="a service without a fault")
_REPORT: Final = Bilingual(zh="请把请求编号报告给运维人员", en="report the id of the request to the operator")
_Told = tuple[str, Bilingual, Bilingual]
_UNREADABLE: Final[tuple[Bilingual, _Told]] = (
    refusals.UnreadableError.title,
    ("not_readable", _READABLE, _CORRECT),
)
_FRAMEWORK: Final[Mapping[int, tuple[Bilingual, _Told]]] = {
    _ADDRESS: (
        refusals.UnknownError.title,
        (
            "unknown_address",
            Bilingual(zh="接口说明中的地址", en="an address of the description of the interface"),
            _CORRECT,
        ),
    ),
    _METHOD: (
        Bilingual(zh="该地址不支持此方法", en="not a method of this address"),
        ("unknown_method", Bilingual(zh="Allow中列出的方法", en="a method that is listed under Allow"), _CORRECT),
    ),
}
