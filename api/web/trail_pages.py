"""The trail in the browser: the newest entries, the head to keep elsewhere, and whether all still stands."""

import json
import re
from typing import Annotated, Any, Final

from fastapi import Depends, File, Form, Query, Request, UploadFile
from starlette.responses import Response

from api.context import Service, ServiceDep
from api.edge.cursors import Paging, PagingDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.reach import Reach
from api.refusals import RefusalError
from api.store.trail import Head, head
from api.trail import service as trail
from api.trail.errors import NotAHeadError
from api.trail.models import EntryFilter
from api.web.navigation import TRAIL
from api.web.rendering import page
from api.web.routing import pages_router

router: Final = pages_router()

VERIFY: Final = f"{TRAIL.address}/verify"
MOST: Final = 10_000
"""So many letters a head may have about it."""
Text = Annotated[str, Query(max_length=100)]

_HEAD: Final = re.compile(r"^\D*?(\d{1,16})\D.*?\b([0-9a-f]{64})\b", re.DOTALL)
"""A number and then a digest, as on every export and receipt, whatever stands around them."""


@router.get(TRAIL.address)
def show_trail(  # noqa: PLR0913 - one for each filter
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.TRAIL_READ))],
    reach: ReachDep,
    paging: PagingDep,
    action: Text = "",
    subject: Text = "",
    actor: Text = "",
) -> Response:
    """Show the newest entries within reach, and the head."""
    wanted = EntryFilter(action=action or None, subject=subject or None, actor=actor or None)
    return page(request, "trail/trail.html", caller=caller, **_shown(service, reach, wanted, paging))


@router.post(VERIFY)
def verify_trail(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.TRAIL_VERIFY))],
    reach: ReachDep,
    paging: PagingDep,
    exported: Annotated[str, Form(max_length=MOST)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Tell whether the trail stands, against a head that was exported earlier if one is given; reads all of it.

    `file`: the head as it was downloaded; it counts where nothing was pasted.
    """
    shown = _shown(service, reach, EntryFilter(), paging) | {"exported": exported}
    try:
        given = _exported(exported if exported.strip() or not file else _text(file))
    except RefusalError as refusal:
        return page(request, "trail/trail.html", caller=caller, status=422, **(shown | {"refusal": refusal}))
    with service.database.reading() as session:
        report = trail.report(session, exported=given)
    return page(request, "trail/trail.html", caller=caller, **(shown | {"report": report}))


def _shown(service: Service, reach: Reach, wanted: EntryFilter, paging: Paging) -> dict[str, Any]:
    before = paging.at(int)
    with service.database.reading() as session:
        rows = trail.newest(session, reach, wanted, before=before[0] if before else None, limit=paging.fetch)
        newest = head(session)
    return {
        "shown": paging.page(rows, trail.told_entry, lambda entry: (entry.number,)),
        "head": newest,
        "wanted": wanted,
        "report": None,
        "refusal": None,
        "exported": "",
    }


def _text(file: UploadFile) -> str:
    return file.file.read(MOST).decode("utf-8", errors="replace") if file.filename else ""


def _exported(text: str) -> Head | None:
    """Read a head as it stands on an export or in a downloaded file; raises `NotAHeadError`."""
    if not text.strip():
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        text = f"{data.get('number')} {data.get('digest')}"
    found = _HEAD.match(text)
    if found is None:
        raise NotAHeadError(given=text)
    return Head(number=int(found[1]), digest=found[2])
