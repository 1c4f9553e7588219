"""Records over HTTP: submitted, read, given versions and rounds. Translates, calls, returns."""

from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import now
from api.context import Service, ServiceDep
from api.edge.answers import Answer, created, found
from api.edge.asking import KnownAtQuery
from api.edge.bodies import BODY, SentText, SentTextDep
from api.edge.cursors import Page, PagingDep
from api.edge.etags import IfMatchDep, etag, is_known, not_modified
from api.edge.idempotency import OnceDep
from api.edge.language import language_of
from api.edge.limits import JSON, YAML
from api.edge.routing import noun_router, taken_as
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.records import reading
from api.records.changes import Change, turn
from api.records.clerk import Clerk
from api.records.examples import EXAMPLES, RECORD, ROUND
from api.records.models import History, RecordFilter, RecordOut, RecordRow, WrittenOut
from api.records.tables import RecordState, RecordVersion
from api.records.telling import told_history, told_record, told_row, told_written
from api.records.versions import as_known, history, newest, numbered, visible
from api.refusals import InvalidError
from api.store import trail
from api.store.types import utc_text
from engine.reading.problems import Problem
from engine.reading.texts import Text
from engine.record import DecisionRecord
from engine.record.reading import records_of
from engine.vocabulary import Bilingual, OrganLevel, UnitRole

router: Final = noun_router("/records", tag="records")

Name = Annotated[str | None, Query(max_length=200)]
Key = Annotated[str, Path(max_length=100)]
StepName = Annotated[str, Path(max_length=100)]
Number = Annotated[int, Path(ge=1, le=2**31)]


async def _wanted(  # noqa: PLR0913 - one for each filter
    *,
    unit: Name = None,
    role: UnitRole | None = None,
    jurisdiction: Name = None,
    procedure: Name = None,
    level: OrganLevel | None = None,
    state: RecordState | None = None,
    own_id: Annotated[str | None, Query(alias="id", max_length=100)] = None,
    compliant: bool | None = None,
    made_up: bool | None = None,
    text: Annotated[str | None, Query(max_length=200, description="stands in title, id or organ")] = None,
) -> RecordFilter:
    return RecordFilter(
        unit=unit,
        role=role,
        jurisdiction=jurisdiction,
        procedure=procedure,
        level=level,
        state=state,
        own_id=own_id,
        compliant=compliant,
        made_up=made_up,
        text=text,
    )


@router.get("", response_model=Page[RecordRow], responses=TABLES)
def list_records(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_LIST))],
    reach: ReachDep,
    wanted: Annotated[RecordFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List the records within reach, the newest first; CSV and XLSX hold all of them, not a page."""
    del caller
    with service.database.reading() as session:
        if form != Format.JSON:
            rows = reading.listed(session, reach, wanted, limit=service.settings.export_rows)
            told = (told_row(row, judgement) for row, judgement in rows)
            cells = ([getattr(row, name) for name in _COLUMNS] for row in told)
            basis = Basis(_TITLE, printed_at=now(), rulebook=service.rulebook.digest, trail=trail.head(session))
            language = language_of(request.scope)
            return exported(form, tuple(_COLUMNS.values()), cells, basis=basis, language=language, name="records")
        found_rows = reading.listed(session, reach, wanted, after=paging.at_time(), limit=paging.fetch)
    page = paging.page(
        found_rows,
        item=lambda row: told_row(row[0], row[1]),
        position=lambda row: (utc_text(row[0].created_at), row[0].key),
    )
    return found(page).response()


@router.post(
    "", status_code=201, response_model=WrittenOut, openapi_extra=taken_as(JSON, YAML, schema=RECORD, examples=EXAMPLES)
)
def submit_record(
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_CREATE))],
    reach: ReachDep,
    sent: SentTextDep,
    once: OnceDep,
) -> Response:
    """Submit a record that your own unit leads; it is judged at once."""
    submitted = _record(sent, service)
    key, change = _clerk(service, caller, reach).submit(submitted)

    def work(session: Session) -> Answer:
        written = change.write(session)
        location = f"{router.prefix}/{key}"
        return created(told_written(written), location=location, etag=_tag(written.version))

    return once(caller.account, work)


@router.get("/{key}", response_model=RecordOut)
def read_record(
    key: Key,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_READ))],
    reach: ReachDep,
    known_at: KnownAtQuery = None,
) -> Response:
    """Read a record as it stands, or as it was known at a time."""
    del caller
    with service.database.reading() as session:
        row = visible(session, reach, key)
        version = as_known(session, key, known_at) if known_at else newest(session, row)
    return _unless_known(request, version, told_record(row, version))


@router.put("/{key}", response_model=WrittenOut, openapi_extra=taken_as(JSON, YAML, schema=RECORD, examples=EXAMPLES))
def hand_in_version(
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_UPDATE))],
    reach: ReachDep,
    sent: SentTextDep,
    if_match: IfMatchDep,
    once: OnceDep,
) -> Response:
    """Say what a record should say from now on.

    A round on record that is left out, or said otherwise, becomes void and stays; times of entry are set by the server.
    """
    submitted = _record(sent, service)
    with turn(key):
        change = _clerk(service, caller, reach).hand_in(key, submitted)

        def work(session: Session) -> Answer:
            if_match.requires(_tag(newest(session, visible(session, reach, key))))
            return _written(change, session)

        return once(caller.account, work)


@router.post("/{key}/rounds/{step}", response_model=WrittenOut, openapi_extra=taken_as(JSON, YAML, schema=ROUND))
def add_round(
    *,
    key: Key,
    step: StepName,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.ROUND_ADD))],
    reach: ReachDep,
    sent: SentTextDep,
    once: OnceDep,
) -> Response:
    """Add one round to a step, whatever others add at the same time."""
    text = _one_text(sent)
    with turn(key):
        change = _clerk(service, caller, reach).add_round(key, step, text.data)
        return once(caller.account, lambda session: _written(change, session))


@router.get("/{key}/versions")
def list_versions(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_HISTORY))],
    reach: ReachDep,
) -> History:
    """List the versions of a record, the oldest first."""
    del caller
    with service.database.reading() as session:
        return told_history(key, history(session, visible(session, reach, key)))


@router.get("/{key}/versions/{number}", response_model=RecordOut)
def read_version(
    key: Key,
    number: Number,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_VERSION_READ))],
    reach: ReachDep,
) -> Response:
    """Read a record as one of its versions has it."""
    del caller
    with service.database.reading() as session:
        row = visible(session, reach, key)
        version = numbered(session, row, number)
    return _unless_known(request, version, told_record(row, version))


def _clerk(service: Service, caller: Caller, reach: ReachDep) -> Clerk:
    return Clerk(service.database, service.rulebooks, service.judge, caller, reach)


def _written(change: Change, session: Session) -> Answer:
    written = change.write(session)
    return found(told_written(written), etag=_tag(written.version))


def _tag(version: RecordVersion) -> str:
    return etag(version.number, version.sha256)


def _unless_known(request: Request, version: RecordVersion, told: RecordOut) -> Response:
    tag = _tag(version)
    return not_modified(tag) if is_known(request, tag) else found(told, etag=tag).response()


def _record(sent: SentText, service: Service) -> DecisionRecord:
    """Return the one record that was sent, in the words of the active rulebook; raises `InvalidError`."""
    texts, problems = sent.texts()
    with service.database.reading() as session:
        book = service.rulebooks.active(session).rulebook
    records, wrong = records_of(texts, procedures=book.procedures, jurisdictions=book.tree.ids)
    if problems or wrong:
        raise InvalidError.of([*problems, *wrong])
    if len(records) != 1:
        raise InvalidError.of([_not_one(len(records), "(record)")])
    return records[0].record


def _one_text(sent: SentText) -> Text:
    """Return the one text that was sent; raises `InvalidError`."""
    texts, problems = sent.texts()
    if problems:
        raise InvalidError.of(problems)
    if len(texts) != 1:
        raise InvalidError.of([_not_one(len(texts), "(round)")])
    return texts[0]


def _not_one(given: int, field: str) -> Problem:
    return Problem(code="not_one", file=BODY, line=1, field=field, given=str(given), expected=_ONE, do=_SEND_ONE)


_ONE: Final = Bilingual(zh="恰好一条", en="exactly one")
_SEND_ONE: Final = Bilingual(zh="每次提交一条", en="send one at a time")
_TITLE: Final = Bilingual(zh="决策事项", en="records")
_COLUMNS: Final[dict[str, Bilingual]] = {
    "key": Bilingual(zh="key", en="key"),
    "id": Bilingual(zh="编号", en="id"),
    "title": Bilingual(zh="名称", en="title"),
    "procedure": Bilingual(zh="程序", en="procedure"),
    "jurisdiction": Bilingual(zh="地区", en="jurisdiction"),
    "organ": Bilingual(zh="决策机关", en="organ"),
    "organ_level": Bilingual(zh="层级", en="level"),
    "lead_unit": Bilingual(zh="牵头单位", en="lead unit"),
    "state": Bilingual(zh="状态", en="state"),
    "version": Bilingual(zh="版本", en="version"),
    "made_up": Bilingual(zh="虚构", en="made up"),
    "created_at": Bilingual(zh="首次录入", en="first entered"),
    "changed_at": Bilingual(zh="最近更改", en="last changed"),
    "judged_as_of": Bilingual(zh="结论基准日", en="judged as of"),
    "flags": Bilingual(zh="标记", en="flags"),
    "questions": Bilingual(zh="待查", en="questions"),
    "notices": Bilingual(zh="提示", en="notices"),
}
