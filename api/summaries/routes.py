"""Summaries over HTTP: figures by groups, and the records behind a figure. Translates, calls, returns."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.clock import now
from api.context import Service, ServiceDep
from api.edge import asking as edge
from api.edge.answers import found
from api.edge.asking import AskedDep, Day
from api.edge.cursors import Paging, PagingDep
from api.edge.language import language_of
from api.edge.routing import noun_router
from api.edge.tables import TABLES, Basis, Cell, Format, FormatDep, exported
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.reach import Reach
from api.judging.asking import Asked, settled_time
from api.store.trail import Head
from api.summaries.errors import TooManyDimensionsError
from api.summaries.models import (
    CountedRecord,
    CountedRecords,
    Dimension,
    Figure,
    Rate,
    Summary,
    SummaryBasis,
    SummaryFilter,
    SummaryRow,
)
from api.summaries.service import Desk, found_behind, records_named, summed
from api.summaries.telling import Teller, told_hits
from engine.vocabulary import Bilingual, OrganLevel

router: Final = noun_router("/summaries", tag="summaries")

MOST_DIMENSIONS: Final = 2

Name = Annotated[str | None, Query(max_length=200)]


async def _wanted(  # noqa: PLR0913 - one for each filter
    *,
    first: Annotated[
        Day | None, Query(alias="from", description="the first day: of deliberation, else outcome, else as-of day")
    ] = None,
    last: Annotated[Day | None, Query(alias="to", description="the last day, inclusive")] = None,
    month: Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="such as 2024-12")] = None,
    unit: Annotated[str | None, Query(max_length=2000, description="key or name of the unit that leads")] = None,
    jurisdiction: Annotated[Name, Query(description="this place alone")] = None,
    within: Annotated[Name, Query(description="this place, and all that lie within it")] = None,
    level: OrganLevel | None = None,
    procedure: Annotated[Name, Query(description="catalogues and their entries are left out unless asked for")] = None,
    step: Name = None,
    card: Name = None,
) -> SummaryFilter:
    return SummaryFilter(
        first=first,
        last=last,
        month=month,
        unit=unit,
        jurisdiction=jurisdiction,
        within=within,
        level=level,
        procedure=procedure,
        step=step,
        card=card,
    )


WantedDep = Annotated[SummaryFilter, Depends(_wanted)]


Figures = Annotated[
    tuple[Figure, ...],
    Query(min_length=1, max_length=len(Figure), description="which figures of the summary: records counted in any"),
]
By = Annotated[
    list[Dimension],
    Query(
        max_length=10, description=f"what to group by, in this order: {MOST_DIMENSIONS} at most; nothing: all at once"
    ),
]


@router.get("", response_model=Summary, responses=TABLES)
def read_summary(  # noqa: PLR0913 - one for each thing that is asked
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.SUMMARY_READ))],
    reach: ReachDep,
    asked: AskedDep,
    wanted: WantedDep,
    paging: PagingDep,
    form: FormatDep,
    by: By = [],  # noqa: B006 - never changed
) -> Response:
    """Count verdicts, findings and records within reach, by group, with the compliance rate.

    As of a day, by what was known at a time, by a rulebook. CSV and XLSX hold all groups, not a page.
    """
    _refuse_dimensions(by)
    with desk_of(service, caller, reach, asked) as desk:
        result = summed(desk, wanted, by)
        teller = Teller(desk.naming, by, card=wanted.card)
        groups, total = teller.in_order(result.groups), teller.told((), result.total)
        if form != Format.JSON:
            rows = (teller.told(group.words, group.counts) for group in groups)
            columns = (*(heading for name in by for heading in _headings(name)), *_FIGURES)
            cells = (_cells(row, by) for row in chain(rows, (total,)))
            return _exported(request, form, columns, cells, result.basis, title=titled(_TITLE, caller))
    after = paging.at(*[int, str] * len(by))
    page = _long(paging, request, service).page(
        [group for group in groups if after is None or group.position > after],
        item=lambda group: teller.told(group.words, group.counts),
        position=lambda group: group.position,
    )
    return found(Summary(by=tuple(by), basis=result.basis, total=total, items=page.items, next=page.next)).response()


@router.get("/records", response_model=CountedRecords, responses=TABLES)
def list_counted(  # noqa: PLR0913 - the same
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.SUMMARY_RECORDS))],
    reach: ReachDep,
    asked: AskedDep,
    wanted: WantedDep,
    paging: PagingDep,
    form: FormatDep,
    figure: Figures = (Figure.RECORDS,),
) -> Response:
    """List the records behind figures: those that are counted in any of them when a summary is asked for like this."""
    table = form != Format.JSON
    limit = service.settings.export_rows if table else paging.fetch
    with desk_of(service, caller, reach, asked) as desk:
        result = found_behind(desk, wanted, figure, after=None if table else paging.at(str, str), limit=limit)
        rows = told_hits(result.hits, records_named(desk.session, [hit.key for hit in result.hits]))
        if table:
            cells = (_record_cells(row) for row in rows)
            title = titled(all_told(figure), caller)
            return _exported(request, form, _RECORD_COLUMNS, cells, result.basis, title=title)
    page = paging.page(rows, item=lambda row: row, position=lambda row: (row.day.isoformat(), row.key))
    counted = CountedRecords(
        figures=figure,
        basis=result.basis,
        records=result.records,
        counted=result.counted,
        items=page.items,
        next=page.next,
    )
    return found(counted).response()


def all_told(figures: Sequence[Figure]) -> Bilingual:
    """Name several figures one after the other."""
    return Bilingual(zh="、".join(one.zh for one in figures), en=", ".join(one.en for one in figures))


@contextmanager
def desk_of(service: Service, caller: Caller, reach: Reach, asked: edge.Asked) -> Iterator[Desk]:
    """Open the desk at which a caller's question is answered, on one moment's store."""
    known_at = settled_time(service.database, asked.known_at)
    with service.database.reading() as session:
        yield Desk(
            session=session,
            rulebooks=service.rulebooks,
            reach=reach,
            directory=caller.directory,
            asked=Asked(asked.as_of, asked.known_at, asked.rulebook),
            known_at=known_at,
            most=service.settings.summary_anew,
        )


def _refuse_dimensions(by: Sequence[Dimension]) -> None:
    if len(by) > MOST_DIMENSIONS or len(set(by)) < len(by) or sum(name.of_cards for name in by) > 1:
        raise TooManyDimensionsError(given=by, most=MOST_DIMENSIONS)


def _long(paging: Paging, request: Request, service: Service) -> Paging:
    """Give as many groups as may be given, unless fewer are asked for."""
    return paging if "limit" in request.query_params else replace(paging, limit=service.settings.max_page_size)


def _exported(
    request: Request,
    form: Format,
    columns: Sequence[Bilingual],
    rows: Iterator[Sequence[Cell]],
    on: SummaryBasis,
    *,
    title: Bilingual,
) -> Response:
    basis = printed_basis(on, title)
    return exported(form, columns, rows, basis=basis, language=language_of(request.scope), name="summary")


def printed_basis(on: SummaryBasis, title: Bilingual) -> Basis:
    """Print with a table what its figures rest on."""
    return Basis(
        title,
        printed_at=now(),
        as_of=on.as_of,
        known_at=on.known_at,
        rulebook=on.rulebook,
        trail=Head(number=on.trail_number, digest=on.trail_digest),
    )


def titled(title: Bilingual, caller: Caller) -> Bilingual:
    """Say in whose reach the figures are."""
    return Bilingual(zh=f"{title.zh}({caller.unit_name})", en=f"{title.en} ({caller.unit_name})")


def _headings(by: Dimension) -> tuple[Bilingual, Bilingual]:
    return Bilingual(zh=by.zh, en=by.en), Bilingual(zh=f"{by.zh}标识", en=f"key of the {by.en}")


def _cells(row: SummaryRow, by: Sequence[Dimension]) -> list[Cell]:
    named: list[Cell] = [cell for part in row.group for cell in (part.title, part.key)]
    if not row.group:
        named = [_TOTAL, None] * len(by)
    rate = row.rate or Rate(numerator=0, denominator=0, value=None)
    rates = [rate.numerator, rate.denominator, rate.value] if row.rate else [None, None, None]
    return [*named, *(getattr(row, figure.value) for figure in Figure), *rates]


def _record_cells(row: CountedRecord) -> list[Cell]:
    cards = ", ".join(f"{one.card} {one.reason or one.outcome}" for one in row.cards)
    return [row.key, row.id, row.title, row.lead_unit, row.jurisdiction, row.organ_level, row.day, cards]


_TITLE: Final = Bilingual(zh="合规汇总", en="compliance summary")
_TOTAL: Final = Bilingual(zh="合计", en="total")
_FIGURES: Final = (
    *(Bilingual(zh=figure.zh, en=figure.en) for figure in Figure),
    Bilingual(zh="合规率分子", en="rate: numerator"),
    Bilingual(zh="合规率分母", en="rate: denominator"),
    Bilingual(zh="合规率", en="compliance rate"),
)
_RECORD_COLUMNS: Final = (
    Bilingual(zh="key", en="key"),
    Bilingual(zh="编号", en="id"),
    Bilingual(zh="决策事项", en="record"),
    Bilingual(zh="牵头单位", en="lead unit"),
    Bilingual(zh="地区", en="jurisdiction"),
    Bilingual(zh="机关层级", en="organ level"),
    Bilingual(zh="归属日", en="day"),
    Bilingual(zh="计入的规则卡", en="cards counted"),
)
