"""Records in the browser: the list, one record with its timeline, its history."""

import json
from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.clock import today
from api.context import ServiceDep
from api.edge.asking import AskedDep
from api.edge.cursors import PagingDep
from api.findings import service as findings
from api.findings.models import FindingFilter
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.roles import Role
from api.records import reading
from api.records.bodies import read_body
from api.records.models import RecordFilter
from api.records.standing import standing
from api.records.tables import RecordState
from api.records.telling import told_row
from api.records.versions import as_known, units_of, visible
from api.store.types import utc_text
from api.web.navigation import RECORDS
from api.web.overview import overview
from api.web.rendering import page
from api.web.routing import pages_router
from api.web.timeline import timeline
from api.work.service import planned_gates
from engine.evaluation.places import places

router: Final = pages_router()

Key = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Query(max_length=200)]


@router.get(RECORDS.address)
def list_records(  # noqa: PLR0913 - one for each filter
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_LIST))],
    reach: ReachDep,
    paging: PagingDep,
    text: Text = "",
    unit: Text = "",
    state: Text = "",
    compliant: Text = "",
) -> Response:
    """List the records within reach, the newest first."""
    wanted = RecordFilter(
        text=text or None,
        unit=unit or None,
        state=RecordState(state) if state in set(RecordState) else None,
        compliant={"yes": True, "no": False}.get(compliant),
    )
    with service.database.reading() as session:
        rows = reading.listed(session, reach, wanted, after=paging.at_time(), limit=paging.fetch)
    shown = paging.page(
        rows,
        item=lambda row: told_row(row[0], row[1]),
        position=lambda row: (utc_text(row[0].created_at), row[0].key),
    )
    return page(
        request,
        "records/list.html",
        caller=caller,
        shown=shown,
        text=text,
        unit=unit,
        state=state,
        compliant=compliant,
        states=tuple(RecordState),
    )


@router.get(RECORDS.address + "/{key}")
def read_record(
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_STATUS))],
    reach: ReachDep,
    asked: AskedDep,
) -> Response:
    """Show how a record stands: lights, gates, findings with article, numbers and remedy, and its timeline."""
    status = standing(service, reach, key, asked)
    with service.database.reading() as session:
        row, units = visible(session, reach, key), units_of(session, key)
        version = as_known(session, key, status.known_at)
        rules = service.rulebooks.by_digest(session, status.rulebook)
        listed = findings.listed(session, reach, FindingFilter(record=key), today=today(), limit=_MOST)
    record = read_body(version.body, rules)
    procedure = rules.rulebook.procedures[record.procedure]
    shown = overview(
        status,
        record,
        rules.rulebook,
        places=places(
            record,
            rules.compiled(record.procedure),
            of={one.card for one in status.findings},
            as_of=status.as_of,
            known_at=status.known_at,
        ),
        planned=planned_gates(json.loads(version.body), procedure),
        keys={one.finding.card: one.finding.key for one in listed},
    )
    return page(
        request,
        "records/record.html",
        caller=caller,
        row=row,
        record=record,
        procedure=procedure,
        standing=status,
        asked=asked,
        shown=shown,
        is_open=row.state == RecordState.OPEN and asked.is_present,
        drawn=timeline(
            record,
            procedure,
            workdays=rules.rulebook.workdays(status.known_at),
            today=status.as_of,
            marks=shown.marks,
            lawful=shown.lawful,
        ),
        may_edit=reach.may_edit(jurisdiction=row.jurisdiction, units=units),
        may_attest=any(
            record.rounds(name)
            and reach.may_attest(jurisdiction=row.jurisdiction, units=units, attested_by=Role.of(step.attested_by))
            for name, step in procedure.steps.items()
        ),
    )


_MOST: Final = 1_000
