"""Calendars of due days over HTTP, for programs that subscribe to them."""

from typing import Annotated, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.clock import today
from api.context import ServiceDep
from api.edge.answers import UNCHANGED
from api.edge.etags import etag, is_known, not_modified
from api.edge.language import language_of
from api.edge.routing import noun_router
from api.identity.callers import Caller
from api.identity.dependencies import allowed_by_link
from api.identity.operations import Operation
from api.outbox.calendar import Diary
from api.store.types import digest_of
from engine.vocabulary import Language

ICALENDAR: Final = "text/calendar"

router: Final = noun_router("/units", tag="calendars")


@router.get(
    "/{key}/calendar.ics",
    response_class=Response,
    responses={
        200: {"description": "an iCalendar feed", "content": {ICALENDAR: {"schema": {"type": "string"}}}},
        **UNCHANGED,
    },
)
def read_calendar(
    *,
    request: Request,
    key: str,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed_by_link(Operation.CALENDAR_READ))],
    lang: Annotated[Language | None, Query(description="for programs that send no Accept-Language")] = None,
) -> Response:
    """Give the days by which something is due in a unit's matters, as far as the caller reaches.

    To be subscribed to: with a token of the scope `calendar` in the address (`?token=`), or with a header.
    """
    with service.database.reading() as session:
        diary = Diary(
            caller=caller,
            rulebook=service.rulebooks.active(session).rulebook,
            today=today(),
            language=lang or language_of(request.scope),
            public_url=service.settings.public_url,
        )
        content = diary.of_unit(session, key)
    tag = etag(digest_of(content.decode())[:32])
    if is_known(request, tag):
        return not_modified(tag)
    headers = {"ETag": tag, "Content-Disposition": 'inline; filename="calendar.ics"', "Cache-Control": "private"}
    return Response(content, media_type=f"{ICALENDAR}; charset=utf-8", headers=headers)
