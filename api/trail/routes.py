"""The trail over HTTP: its entries, its head, whether it stands, what auditors have read."""

from typing import Annotated, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.clock import now
from api.context import ServiceDep
from api.edge.answers import found
from api.edge.asking import KnownAt
from api.edge.cursors import Page, PagingDep
from api.edge.language import language_of
from api.edge.routing import noun_router
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.store.reads import reads
from api.store.trail import Head, head
from api.store.types import canonical_json, utc_text
from api.trail import service as trail
from api.trail.errors import HalfAHeadError
from api.trail.models import EntryFilter, EntryOut, ReadOut, TrailReport
from engine.vocabulary import Bilingual

router: Final = noun_router("/trail", tag="trail")

Key = Annotated[str | None, Query(max_length=100)]
Since = Annotated[KnownAt | None, Query(description="this time, included, or later")]
Number = Annotated[int | None, Query(ge=1, le=2**53, description="the number of a head exported earlier")]
Digest = Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$", description="the digest of that head")]


async def _wanted(
    *,
    subject: Annotated[str | None, Query(max_length=100, description="the key of what it is about")] = None,
    action: Annotated[
        str | None, Query(max_length=100, description="such as `record.created`, or `record.` for all about records")
    ] = None,
    actor: Annotated[str | None, Query(max_length=100, description="the key of an account")] = None,
    since: Since = None,
) -> EntryFilter:
    return EntryFilter(subject=subject, action=action, actor=actor, since=since)


@router.get("", response_model=Page[EntryOut], responses=TABLES)
def list_entries(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.TRAIL_READ))],
    reach: ReachDep,
    wanted: Annotated[EntryFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List the entries within reach, the oldest first; CSV and XLSX hold all of them, not a page."""
    del caller
    with service.database.reading() as session:
        if form != Format.JSON:
            rows = trail.entries(session, reach, wanted, limit=service.settings.export_rows)
            cells = ([*(getattr(row, name) for name in _COLUMNS), canonical_json(row.content)] for row in rows)
            basis = Basis(_TITLE, printed_at=now(), trail=head(session))
            headings = (*_COLUMNS.values(), _CONTENT)
            return exported(form, headings, cells, basis=basis, language=language_of(request.scope), name="trail")
        after = paging.at(int)
        entries = trail.entries(session, reach, wanted, after=after[0] if after else 0, limit=paging.fetch)
    return found(paging.page(entries, trail.told_entry, lambda entry: (entry.number,))).response()


@router.get("/head", response_model=Head)
def read_head(service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.TRAIL_HEAD))]) -> Response:
    """Give number and digest of the newest entry: keep them where the operator of the database cannot write."""
    del caller
    with service.database.reading() as session:
        newest = head(session)
    response = found(newest).response()
    response.headers["Content-Disposition"] = f'attachment; filename="trail-head-{newest.number}.json"'
    return response


@router.get("/verify", response_model=TrailReport)
def verify_trail(
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.TRAIL_VERIFY))],
    number: Number = None,
    digest: Digest = None,
) -> Response:
    """Tell whether the trail stands: what was changed, removed, reordered or cut off, in it or in what it vouches for.

    All of it is read. Give a head that was exported earlier: else a trail cut off or written anew does not show.
    """
    del caller
    given = _exported(number, digest)
    with service.database.reading() as session:
        return found(trail.report(session, exported=given)).response()


@router.get("/reads", response_model=Page[ReadOut], responses=TABLES)
def list_reads(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.READ_LOG_LIST))],
    paging: PagingDep,
    form: FormatDep,
    account: Key = None,
    since: Since = None,
) -> Response:
    """List what auditors have read, the newest first; CSV and XLSX hold all of it, not a page."""
    del caller
    with service.database.reading() as session:
        if form != Format.JSON:
            rows = reads(session, account=account, since=since, limit=service.settings.export_rows)
            cells = ([getattr(row, name) for name in _READ] for row in rows)
            basis = Basis(_READS, printed_at=now(), trail=head(session))
            language = language_of(request.scope)
            return exported(form, tuple(_READ.values()), cells, basis=basis, language=language, name="reads")
        rows = reads(session, account=account, since=since, after=paging.at_time(), limit=paging.fetch)
    return found(paging.page(rows, trail.told_read, lambda row: (utc_text(row.at), row.key))).response()


def _exported(number: int | None, digest: str | None) -> Head | None:
    """Return a head that was exported earlier; raises `HalfAHeadError`."""
    if number is not None and digest is not None:
        return Head(number=number, digest=digest)
    if number is not None or digest is not None:
        raise HalfAHeadError(given=f"number {number}" if digest is None else f"digest {digest[:12]}…")
    return None


_TITLE: Final = Bilingual(zh="留痕", en="trail")
_COLUMNS: Final[dict[str, Bilingual]] = {
    "number": Bilingual(zh="序号", en="number"),
    "at": Bilingual(zh="时间", en="time"),
    "actor": Bilingual(zh="操作人", en="actor"),
    "action": Bilingual(zh="操作", en="action"),
    "subject": Bilingual(zh="对象", en="subject"),
    "before": Bilingual(zh="前一条摘要", en="digest before"),
    "digest": Bilingual(zh="摘要", en="digest"),
}
_CONTENT: Final = Bilingual(zh="内容", en="content")
_READS: Final = Bilingual(zh="审计人员查阅记录", en="what auditors have read")
_READ: Final[dict[str, Bilingual]] = {
    "at": Bilingual(zh="时间", en="time"),
    "account": Bilingual(zh="账号", en="account"),
    "path": Bilingual(zh="地址", en="address"),
    "request": Bilingual(zh="请求编号", en="request"),
}
