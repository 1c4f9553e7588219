"""The dashboard: rates, trend, flags and deadlines of a period as of a day; each number leads to its records."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.context import Service, ServiceDep
from api.edge.cursors import PagingDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.reach import Reach
from api.summaries.cells import OF_RECORDS
from api.summaries.models import CountedRecord, Figure
from api.summaries.routes import Figures, all_told, desk_of
from api.summaries.service import Found, found_behind, records_named
from api.summaries.telling import told_hits
from api.web.asking import Question, QuestionDep
from api.web.charts import Point, flags_svg, trend_svg
from api.web.dashboard import ROWS, SHADES, Dashboard, dashboard
from api.web.kept import kept
from api.web.languages import page_language
from api.web.navigation import DASHBOARD
from api.web.rendering import page
from api.web.routing import pages_router
from engine.vocabulary import Language

router: Final = pages_router()

RECORDS: Final = f"{DASHBOARD.address}/records"
TREND: Final = f"{DASHBOARD.address}/trend.svg"
FLAGS: Final = f"{DASHBOARD.address}/flags.svg"
SUMMARIES: Final = "/api/v1/summaries"

Auditing = Annotated[Caller, Depends(allowed(Operation.SUMMARY_READ))]


@router.get(DASHBOARD.address)
def show_dashboard(
    *,
    request: Request,
    service: ServiceDep,
    caller: Auditing,
    reach: ReachDep,
    question: QuestionDep,
    begin: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    """Show how it stands: by unit and step, by month, by card."""
    found = _dashboard(service, caller, reach, question)
    return page(
        request,
        "dashboard/dashboard.html",
        caller=caller,
        found=found,
        heat=found.heat(begin),
        heat_of_all=found.heat_of_all(),
        begin=begin,
        following=begin + ROWS if begin + ROWS < len(found.units) else None,
        shades=range(SHADES),
        **named(service, question),
    )


@router.get(TREND)
def draw_trend(
    *, request: Request, service: ServiceDep, caller: Auditing, reach: ReachDep, question: QuestionDep
) -> Response:
    """Draw the rate by month."""
    return _chart(request, service, caller, reach, question, _trend)


@router.get(FLAGS)
def draw_flags(
    *, request: Request, service: ServiceDep, caller: Auditing, reach: ReachDep, question: QuestionDep
) -> Response:
    """Draw the most frequent flags."""
    return _chart(request, service, caller, reach, question, _flags)


@router.get(RECORDS)
def list_behind(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.SUMMARY_RECORDS))],
    reach: ReachDep,
    question: QuestionDep,
    paging: PagingDep,
    figure: Figures = (Figure.RECORDS,),
) -> Response:
    """List the records behind figures, those of the newest days first."""
    after = paging.at(str, str)

    def found() -> tuple[Found, list[CountedRecord]]:
        with desk_of(service, caller, reach, question.asked) as desk:
            result = found_behind(desk, question.wanted, figure, after=after, limit=paging.fetch)
            return result, told_hits(result.hits, records_named(desk.session, [hit.key for hit in result.hits]))

    result, rows = kept(service, reach, ("records", question, figure, after, paging.fetch), found)
    return page(
        request,
        "dashboard/records.html",
        caller=caller,
        basis=result.basis,
        records_found=result.records,
        counted=result.counted,
        of_cards=OF_RECORDS.isdisjoint(figure),
        shown=paging.page(rows, item=lambda row: row, position=lambda row: (row.day.isoformat(), row.key)),
        figure=tuple(one.value for one in figure),
        figures_told=all_told(figure),
        **named(service, question),
    )


def _dashboard(service: Service, caller: Caller, reach: Reach, question: Question) -> Dashboard:
    def found() -> Dashboard:
        with desk_of(service, caller, reach, question.asked) as desk:
            return dashboard(desk, question.wanted)

    return kept(service, reach, ("dashboard", question), found)


def named(service: Service, question: Question) -> dict[str, Any]:
    """Return what the pages of the auditor call filters and addresses."""
    book = service.rulebook
    steps = {name: step.title for procedure in book.procedures.values() for name, step in procedure.steps.items()}
    return {
        "question": question,
        "asked": question.filters,
        "records": RECORDS,
        "trend": TREND,
        "flags": FLAGS,
        "summaries": SUMMARIES,
        "places": tuple((place.id, place.title) for place in book.tree.by_id.values()),
        "all_steps": steps,
    }


Drawing = Callable[[Dashboard, Language], str]


def _chart(
    request: Request, service: Service, caller: Caller, reach: Reach, question: Question, draw: Drawing
) -> Response:
    svg = draw(_dashboard(service, caller, reach, question), page_language(request))
    headers = {"Content-Security-Policy": _NOTHING, "Cache-Control": "private, no-store"}
    return Response(svg, media_type="image/svg+xml", headers=headers)


_NOTHING: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""A picture loads nothing; the styles that stand in it are its own."""


def _trend(found: Dashboard, language: Language) -> str:
    rates = ((row.group[0].key, row.rate) for row in found.months)
    points = tuple(Point(month, rate.numerator, rate.denominator) for month, rate in rates if rate)
    return trend_svg(points, language)


def _flags(found: Dashboard, language: Language) -> str:
    points = (Point(f"{row.group[0].key} {row.group[0].title.say(language)}", row.flags) for row in found.flags)
    return flags_svg(tuple(points), language)
