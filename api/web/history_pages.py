"""The history of a record: its versions and what each changed, its evidence files, and who attested which round."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Request
from starlette.responses import Response

from api.context import ServiceDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.records import attestations, evidence
from api.records.bodies import read_body
from api.records.tables import RecordVersion
from api.records.telling import told_attestations, told_files
from api.records.versions import history, newest, visible
from api.web.rendering import page
from api.web.routing import pages_router
from engine.vocabulary import Frozen

router: Final = pages_router()

MOST: Final = 50
"""So many versions are compared, the newest."""
MOST_CHANGES: Final = 100
"""So many changes of a version are shown."""
_BY_SERVER: Final = frozenset({"entered", "voided"})


class FieldChange(Frozen):
    """A field that one version says otherwise than the one before; None: it is not there."""

    field: str
    before: str | None
    after: str | None


class ShownVersion(Frozen):
    """A version, with what it changed. `more`: so many changes are not shown."""

    number: int
    sha256: str
    entered_at: datetime
    changes: tuple[FieldChange, ...]
    more: int


@router.get("/records/{key}/history")
def show_history(
    request: Request,
    key: Annotated[str, Path(max_length=100)],
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_HISTORY))],
    reach: ReachDep,
) -> Response:
    """Show the versions of a record, the newest first, and what stands beside it."""
    with service.database.reading() as session:
        row = visible(session, reach, key)
        versions = history(session, row)
        files = evidence.of_record(session, row.key)
        gone = evidence.erasures(session, files)
        attested = attestations.of_record(session, row.key)
        rules = service.rulebooks.active(session)
        body = newest(session, row).body
    record = read_body(body, rules)
    return page(
        request,
        "records/history.html",
        caller=caller,
        row=row,
        procedure=rules.rulebook.procedures[record.procedure],
        versions=list(_shown(versions)),
        left_out=max(0, len(versions) - MOST),
        files=told_files(files, gone).items,
        attested=told_attestations(attested, record).items,
    )


def _shown(versions: Sequence[RecordVersion]) -> Iterator[ShownVersion]:
    shown = versions[-MOST:]
    before = versions[-MOST - 1].body if len(versions) > MOST else "{}"
    pairs = zip([before, *(version.body for version in shown)], shown, strict=False)
    for body, version in reversed([*pairs]):
        changes = list(changed(json.loads(body), json.loads(version.body))) if version.number > 1 else []
        yield ShownVersion(
            number=version.number,
            sha256=version.sha256,
            entered_at=version.entered_at,
            changes=tuple(changes[:MOST_CHANGES]),
            more=max(0, len(changes) - MOST_CHANGES),
        )


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[FieldChange]:
    """Compare two versions field by field, without the times that the server sets."""
    old, new = dict(_fields(before, "")), dict(_fields(after, ""))
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield FieldChange(field=name, before=old.get(name), after=new.get(name))


def _fields(value: Any, place: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - plain data
    match value:
        case dict():
            for name, part in value.items():
                if name not in _BY_SERVER:
                    yield from _fields(part, f"{place}.{name}" if place else str(name))
                elif name == "voided":
                    yield f"{place}.{name}", "✓"
        case list() if value and isinstance(value[0], dict):
            for number, part in enumerate(value):
                yield from _fields(part, f"{place}[{number + 1}]")
        case list():
            yield place, ", ".join(map(str, value))
        case bool():
            yield place, "true" if value else "false"
        case _:
            yield place, str(value)
