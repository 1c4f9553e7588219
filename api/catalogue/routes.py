"""Catalogues over HTTP: compiled, read, given versions; how they and their entries stand."""

from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from api.catalogue import reading
from api.catalogue.examples import CATALOGUE
from api.catalogue.keeping import CatalogueChange, Keeper, Kept
from api.catalogue.models import (
    CatalogueFilter,
    CatalogueHistory,
    CatalogueOut,
    CatalogueRow,
    CatalogueStatus,
    CatalogueVersionRow,
    CatalogueWritten,
)
from api.catalogue.tables import CatalogueVersion, KeptCatalogue
from api.catalogue.versions import as_known, history, newest, numbered, visible
from api.clock import now
from api.context import Service, ServiceDep
from api.edge.answers import Answer, created, found
from api.edge.asking import AskedDep, KnownAtQuery
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
from api.identity.reach import Reach
from api.judging.asking import Bench
from api.judging.rulebooks import ReadyRulebook
from api.records.changes import turn
from api.refusals import InvalidError
from api.store import trail
from api.store.types import canonical_json, digest_of, utc_text
from engine.reading.problems import Problem
from engine.reading.texts import Text
from engine.record.catalogues import ReadCatalogue, catalogues_of
from engine.record.reading import CATALOGUES
from engine.vocabulary import Bilingual, OrganLevel

router: Final = noun_router("/catalogues", tag="catalogues")

Name = Annotated[str | None, Query(max_length=200)]
Key = Annotated[str, Path(max_length=100)]
Number = Annotated[int, Path(ge=1, le=2**31)]


async def _wanted(
    *,
    jurisdiction: Name = None,
    organ: Name = None,
    level: OrganLevel | None = None,
    year: Annotated[int | None, Query(ge=2000, le=2999)] = None,
) -> CatalogueFilter:
    return CatalogueFilter(jurisdiction=jurisdiction, organ=organ, level=level, year=year)


@router.get("", response_model=Page[CatalogueRow], responses=TABLES)
def list_catalogues(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CATALOGUE_LIST))],
    reach: ReachDep,
    wanted: Annotated[CatalogueFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List the catalogues of which something is in reach, the newest first; CSV and XLSX hold all of them."""
    del caller
    with service.database.reading() as session:
        if form != Format.JSON:
            rows = reading.listed(session, reach, wanted, limit=service.settings.export_rows)
            told = (_told_row(row) for row in rows)
            cells = ([getattr(row, name) for name in _COLUMNS] for row in told)
            basis = Basis(_TITLE, printed_at=now(), rulebook=service.rulebook.digest, trail=trail.head(session))
            language = language_of(request.scope)
            return exported(form, tuple(_COLUMNS.values()), cells, basis=basis, language=language, name="catalogues")
        page_rows = reading.listed(session, reach, wanted, after=paging.at_time(), limit=paging.fetch)
    page = paging.page(page_rows, _told_row, lambda found: (utc_text(found.row.created_at), found.row.key))
    return found(page).response()


@router.post("", status_code=201, response_model=CatalogueWritten, openapi_extra=taken_as(JSON, YAML, schema=CATALOGUE))
def compile_catalogue(
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CATALOGUE_CREATE))],
    reach: ReachDep,
    sent: SentTextDep,
    once: OnceDep,
) -> Response:
    """Enter a catalogue of your own jurisdiction; it and its entries are judged with the records that name them."""
    change = _keeper(service, caller, reach).compile(_catalogue(sent, _rules(service)))

    def work(session: Session) -> Answer:
        kept = change.write(session)
        location = f"{router.prefix}/{kept.row.key}"
        return created(_told_written(session, reach, kept), location=location, etag=_tag(kept.version))

    return once(caller.account, work)


@router.get("/{key}", response_model=CatalogueOut)
def read_catalogue(
    key: Key,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CATALOGUE_READ))],
    reach: ReachDep,
    known_at: KnownAtQuery = None,
) -> Response:
    """Read a catalogue as it stands, or as it was known at a time; to a department, with the entries in its reach."""
    del caller
    with service.database.reading() as session:
        row = visible(session, reach, key)
        version = as_known(session, row, known_at) if known_at else newest(session, row)
        return _unless_known(request, session, reach, row, version)


@router.put("/{key}", response_model=CatalogueWritten, openapi_extra=taken_as(JSON, YAML, schema=CATALOGUE))
def hand_in_version(
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CATALOGUE_UPDATE))],
    reach: ReachDep,
    sent: SentTextDep,
    if_match: IfMatchDep,
    once: OnceDep,
) -> Response:
    """Say what a catalogue should say from now on.

    What is left out, or said otherwise, is void and stays on record; an entry that leaves gets a plan of the kind
    `removal`.
    """
    with turn(key):
        change = _keeper(service, caller, reach).hand_in(key, _catalogue(sent, _rules(service)))

        def work(session: Session) -> Answer:
            if_match.requires(_tag(newest(session, visible(session, reach, key))))
            return _written(session, reach, change)

        return once(caller.account, work)


@router.get("/{key}/versions")
def list_versions(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CATALOGUE_HISTORY))],
    reach: ReachDep,
) -> CatalogueHistory:
    """List the versions of a catalogue, the oldest first."""
    del caller
    with service.database.reading() as session:
        versions = history(session, visible(session, reach, key))
    return CatalogueHistory(key=key, items=tuple(_told_version(version) for version in versions))


@router.get("/{key}/versions/{number}", response_model=CatalogueOut)
def read_version(
    key: Key,
    number: Number,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CATALOGUE_VERSION_READ))],
    reach: ReachDep,
) -> Response:
    """Read a catalogue as one of its versions has it."""
    del caller
    with service.database.reading() as session:
        row = visible(session, reach, key)
        return _unless_known(request, session, reach, row, numbered(session, row, number))


@router.get("/{key}/status", response_model=CatalogueStatus)
def read_status(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CATALOGUE_STATUS))],
    reach: ReachDep,
    asked: AskedDep,
) -> Response:
    """Tell how a catalogue and its entries stand, entries without a record, and records without an entry."""
    del caller
    bench = Bench(service.database, service.rulebooks, service.judge)
    return found(reading.status(bench, reach, key, asked)).response()


def _keeper(service: Service, caller: Caller, reach: Reach) -> Keeper:
    return Keeper(service.database, service.rulebooks, service.judge, caller, reach)


def _rules(service: Service) -> ReadyRulebook:
    with service.database.reading() as session:
        return service.rulebooks.active(session)


def _written(session: Session, reach: Reach, change: CatalogueChange) -> Answer:
    kept = change.write(session)
    return found(_told_written(session, reach, kept), etag=_tag(kept.version))


def _tag(version: CatalogueVersion) -> str:
    return etag(version.number, version.sha256)


def _unless_known(
    request: Request, session: Session, reach: Reach, row: KeptCatalogue, version: CatalogueVersion
) -> Response:
    told = _told(session, reach, row, version)
    # Of what is told: to a department, which entries are in its reach decides, too.
    tag = etag(version.number, digest_of(canonical_json(told.catalogue)))
    return not_modified(tag) if is_known(request, tag) else found(told, etag=tag).response()


def _told(session: Session, reach: Reach, row: KeptCatalogue, version: CatalogueVersion) -> CatalogueOut:
    return CatalogueOut(
        key=row.key,
        version=version.number,
        newest=row.version,
        sha256=version.sha256,
        entered_at=version.entered_at,
        entered_by=version.by,
        catalogue=reading.in_reach(session, reach, row.key, version),
    )


def _told_written(session: Session, reach: Reach, kept: Kept) -> CatalogueWritten:
    return CatalogueWritten(**dict(_told(session, reach, kept.row, kept.version)), changes=kept.changes)


def _told_row(listed: reading.Listed) -> CatalogueRow:
    row = listed.row
    return CatalogueRow(
        key=row.key,
        id=row.own_id,
        title=Bilingual(zh=row.title_zh, en=row.title_en),
        jurisdiction=row.jurisdiction,
        organ=row.organ,
        organ_level=row.organ_level,
        year=row.year,
        version=row.version,
        made_up=row.made_up,
        created_at=row.created_at,
        changed_at=row.changed_at,
        entries=listed.entries,
        flags=listed.flags,
        questions=listed.questions,
    )


def _told_version(version: CatalogueVersion) -> CatalogueVersionRow:
    return CatalogueVersionRow(
        version=version.number, sha256=version.sha256, entered_at=version.entered_at, entered_by=version.by
    )


def _catalogue(sent: SentText, rules: ReadyRulebook) -> ReadCatalogue:
    """Return the one catalogue that was sent, alone or under `catalogues:`; raises `InvalidError`."""
    texts, problems = sent.texts()
    places = rules.rulebook.tree.ids
    catalogues, wrong = catalogues_of((_under_its_key(text) for text in texts), places)
    if problems or wrong:
        raise InvalidError.of([*problems, *wrong])
    if len(catalogues) != 1:
        given = str(len(catalogues))
        raise InvalidError.of(
            [Problem(code="not_one", file=BODY, line=1, field="(catalogue)", given=given, expected=_ONE, do=_SEND_ONE)]
        )
    return catalogues[0]


def _under_its_key(text: Text) -> Text:
    """Return a text as the engine reads catalogues: under their key, the lines of its parts with it."""
    data: Any = text.data
    if isinstance(data, dict) and set(data) == {CATALOGUES}:
        return text
    return Text(text.file, {CATALOGUES: data}, {(CATALOGUES, *place): line for place, line in text.lines.items()})


_ONE: Final = Bilingual(zh="恰好一个目录", en="exactly one catalogue")
_SEND_ONE: Final = Bilingual(zh="每次提交一个", en="send one at a time")
_TITLE: Final = Bilingual(zh="决策事项目录", en="catalogues")
_COLUMNS: Final[dict[str, Bilingual]] = {
    "key": Bilingual(zh="key", en="key"),
    "id": Bilingual(zh="编号", en="id"),
    "title": Bilingual(zh="名称", en="title"),
    "jurisdiction": Bilingual(zh="地区", en="jurisdiction"),
    "organ": Bilingual(zh="决策机关", en="organ"),
    "organ_level": Bilingual(zh="层级", en="level"),
    "year": Bilingual(zh="年度", en="year"),
    "version": Bilingual(zh="版本", en="version"),
    "made_up": Bilingual(zh="虚构", en="made up"),
    "created_at": Bilingual(zh="首次录入", en="first entered"),
    "changed_at": Bilingual(zh="最近更改", en="last changed"),
    "entries": Bilingual(zh="事项", en="entries"),
    "flags": Bilingual(zh="标记", en="flags"),
    "questions": Bilingual(zh="待查", en="questions"),
}
