"""Routes of the interface: each noun's router, with the limits on what is sent and the problems it may answer with."""

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from fastapi import APIRouter, Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api.edge.limits import FORM, JSON, YAML, body_of, counted, json_of, media_of, refuse_announced
from api.edge.problems import MEDIA_TYPE, STATUSES, ProblemDocument
from api.refusals import InvalidError
from engine.reading.problems import near, shown
from engine.vocabulary import Bilingual

PREFIX: Final = "/api/v1"
READING: Final = (400, 401, 403, 404, 406, 422, 429, 503)
WRITING: Final = (*READING, 409, 412, 413, 415, 428)

LONG: Final = 64 * 1024
"""From how many bytes on a text is long."""

Answer = Callable[[Request], Coroutine[Any, Any, Response]]


class EdgeRoute(APIRoute):
    """A route that reads what is sent within the limits, and tells in its description which problems there may be."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - handed on
        """Add the problems to what the route says of its answers."""
        statuses = READING if set(options.get("methods") or ()) <= {"GET", "HEAD"} else WRITING
        options["responses"] = documented(statuses) | (options.get("responses") or {})
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Answer:
        """Return what answers a request after the limits have been kept."""
        return partial(_within_limits, super().get_route_handler(), _taken(self), _asked(self))


def noun_router(path: str, *, tag: str) -> APIRouter:
    """Make the router of a noun, below the prefix of the interface."""
    return APIRouter(prefix=f"{PREFIX}{path}", tags=[tag], route_class=EdgeRoute, generate_unique_id_function=named)


def named(route: APIRoute) -> str:
    """Name an operation by its noun and its function."""
    return f"{route.tags[0]}.{route.name}"


def taken_as(
    *media: str, schema: Mapping[str, Any], examples: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
) -> dict[str, Any]:
    """Describe a body that the route reads by itself, as `openapi_extra`; only these media types are taken.

    `examples`: by media type, what `real_examples` returns.
    """
    content: dict[str, dict[str, Any]] = {name: {"schema": dict(schema)} for name in media}
    for name, described in content.items():
        if examples.get(name):
            described["examples"] = dict(examples[name])
    return {"requestBody": {"required": True, "content": content}}


class UnknownParameterError(InvalidError):
    """A parameter is given that the route does not know; passed over, it would be taken for one that was heeded."""

    def __init__(self, *, given: str, known: frozenset[str]) -> None:
        """Say which parameters there are."""
        listed = ", ".join(sorted(known)) or "-"
        super().__init__(
            "unknown_parameter",
            given=shown(given),
            expected=Bilingual(zh=listed, en=f"one of {listed}{near(given, sorted(known))}"),
            do=Bilingual(zh="更正参数名或者去掉该参数", en="correct the name of the parameter, or leave it out"),
            field="(query)",
        )


async def _within_limits(answer: Answer, taken: frozenset[str], known: frozenset[str], request: Request) -> Response:
    if request.scope["query_string"]:
        for name in request.query_params:
            if name not in known:
                raise UnknownParameterError(given=name, known=known)
    if taken:
        await _read_body(request, taken)
    return await answer(request)


async def _read_body(request: Request, taken: frozenset[str]) -> None:
    settings = request.app.state.service.settings
    media = media_of(request, taken=taken)
    if media in {JSON, YAML}:
        content = await body_of(request, limit=settings.max_bytes)
        request._body = content  # noqa: SLF001 - where the framework looks first
        if media == JSON:
            # A long text is read in a thread, so that others need not wait for it.
            at_once = len(content) < LONG
            value = json_of(content) if at_once else await run_in_threadpool(json_of, content)
            request._json = value  # noqa: SLF001 - the same
    else:
        refuse_announced(request, limit=settings.max_file_bytes)
        request._receive = counted(request._receive, limit=settings.max_file_bytes)  # noqa: SLF001 - streamed


def _asked(route: APIRoute) -> frozenset[str]:
    """Return the names of the parameters that a route takes in the query."""
    elsewhere = (params.Path, params.Header, params.Cookie)
    fields = get_flat_params(route.dependant)
    return frozenset(field.alias for field in fields if not isinstance(field.field_info, elsewhere))


def _taken(route: APIRoute) -> frozenset[str]:
    """Return the media types that a route takes; none where it takes no body."""
    described = (route.openapi_extra or {}).get("requestBody")
    if described:
        return frozenset(described["content"])
    if route.body_field is None:
        return frozenset()
    return frozenset({FORM if isinstance(route.body_field.field_info, params.Form) else JSON})


def documented(statuses: tuple[int, ...]) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route may answer with, as `responses`; by itself a route names the usual ones."""
    titles = {status: kind.title.en for kind, status in STATUSES.items()}
    schema = {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}
    return {
        status: {"description": titles[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted(statuses)
    }
