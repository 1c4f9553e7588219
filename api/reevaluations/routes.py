"""Re-evaluations over HTTP: what they changed and why; an admin asks for one."""

from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.responses import Response

from api.clock import now
from api.context import ServiceDep
from api.edge.answers import accepted, found
from api.edge.cursors import Page, PagingDep
from api.edge.language import language_of
from api.edge.routing import PREFIX, noun_router
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.errands.background import ErrandsDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.reevaluations import reading
from api.reevaluations.models import AskedOut, ChangeOut, ReevaluationOut
from api.store import trail
from api.store.types import utc_text
from engine.vocabulary import Bilingual

router: Final = noun_router("/reevaluations", tag="reevaluations")


@router.get("", response_model=Page[ReevaluationOut], responses=TABLES)
def list_reevaluations(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REEVALUATION_LIST))],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List the reports of re-evaluations, the newest first; CSV and XLSX hold all of them, not a page."""
    del caller
    with service.database.reading() as session:
        if form == Format.JSON:
            rows = reading.reports(session, after=paging.at_time(), limit=paging.fetch)
            page = paging.page(rows, lambda row: row, lambda row: (utc_text(row.begun_at), row.key))
            return found(page).response()
        rows = reading.reports(session, limit=service.settings.export_rows)
        basis = Basis(_REPORTS, printed_at=now(), trail=trail.head(session))
        cells = ([getattr(row, name) for name in _REPORT] for row in rows)
        language = language_of(request.scope)
        return exported(form, tuple(_REPORT.values()), cells, basis=basis, language=language, name="reevaluations")


@router.get("/{key}/changes", response_model=Page[ChangeOut], responses=TABLES)
def list_changes(
    *,
    request: Request,
    key: str,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REEVALUATION_CHANGES))],
    reach: ReachDep,
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List which verdicts of records within reach a re-evaluation changed, and why; CSV and XLSX hold all of them."""
    del caller
    with service.database.reading() as session:
        if form == Format.JSON:
            rows = reading.changes(session, reach, key, after=paging.at(str, str), limit=paging.fetch)
            return found(paging.page(rows, lambda row: row, lambda row: (row.record, row.card))).response()
        rows = reading.changes(session, reach, key, limit=service.settings.export_rows)
        basis = Basis(_CHANGES, printed_at=now(), trail=trail.head(session))
        cells = ([getattr(row, name) for name in _CHANGE] for row in rows)
        language = language_of(request.scope)
        return exported(form, tuple(_CHANGE.values()), cells, basis=basis, language=language, name="changes")


@router.post("", status_code=202, response_model=AskedOut)
def judge_anew(
    errands: ErrandsDep, caller: Annotated[Caller, Depends(allowed(Operation.REEVALUATION_RUN))]
) -> Response:
    """Judge anew, beginning now, what is not judged for today or not by the active rulebook."""
    errands.judge_anew(caller.account)
    return accepted(AskedOut(reports=f"{PREFIX}/reevaluations")).response()


_REPORTS: Final = Bilingual(zh="重新评估", en="re-evaluations")
_REPORT: Final = {
    "key": Bilingual(zh="标识", en="key"),
    "begun_at": Bilingual(zh="开始", en="begun"),
    "ended_at": Bilingual(zh="结束", en="ended"),
    "by": Bilingual(zh="发起", en="by"),
    "as_of": Bilingual(zh="基准日", en="as of"),
    "rulebook": Bilingual(zh="规则库摘要", en="rulebook"),
    "judged": Bilingual(zh="件数", en="records"),
    "changed": Bilingual(zh="有变化", en="changed"),
    "unread": Bilingual(zh="未能读取", en="not read"),
}
_CHANGES: Final = Bilingual(zh="结论变化", en="changed verdicts")
_CHANGE: Final = {
    "record": Bilingual(zh="标识", en="key"),
    "own_id": Bilingual(zh="事项", en="record"),
    "card": Bilingual(zh="规则卡", en="card"),
    "before": Bilingual(zh="原结论", en="before"),
    "after": Bilingual(zh="现结论", en="after"),
    "cause": Bilingual(zh="原因", en="why"),
}
