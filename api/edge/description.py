"""The description of the interface (OpenAPI), as the framework makes it, with what the edge adds to every operation."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.edge.problems import ProblemDocument
from api.edge.rights import SCHEMES, tell_rights
from engine import VERSION

URL: Final = "/api/v1/openapi.json"
TITLE: Final = "DueCourse 循程"
ABOUT: Final = """\
Checks the procedural compliance of major administrative decisions (重大行政决策程序合规审查).

Every problem is answered as `application/problem+json` (RFC 9457), in Chinese unless `Accept-Language` prefers English;
`code` is stable. Lists are given in pages: `next` of a page is the `cursor` of the one after it. Lists and summaries
come as CSV or XLSX by `Accept` or `format`. Changes of what is there want `If-Match`; writes take an `Idempotency-Key`.
"""
_TEMPLATE: Final = "#/components/schemas/{model}"


def describe(app: FastAPI) -> None:
    """Let an application describe itself with the schema of problems."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    content = get_openapi(title=TITLE, version=VERSION, description=ABOUT, routes=app.routes)
    schema = ProblemDocument.model_json_schema(ref_template=_TEMPLATE)
    parts = schema.pop("$defs")
    schemas = content.setdefault("components", {}).setdefault("schemas", {})
    schemas |= parts | {ProblemDocument.__name__: schema}
    content["components"]["securitySchemes"] = dict(SCHEMES)
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                tell_rights(route, content["paths"][route.path_format][method.lower()])
    return content
