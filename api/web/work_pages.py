"""The work list of a department: what is due, what is open, what is under way, what is half filled in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.responses import Response

from api.clock import today
from api.context import ServiceDep
from api.drafts import service as drafts
from api.drafts.tables import Draft
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.web.navigation import WORK
from api.web.rendering import page
from api.web.routing import pages_router
from api.work.service import work_list
from engine.vocabulary import Bilingual, Frozen

router: Final = pages_router()


@router.get(WORK.address)
def show_work(
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_UPDATE))],
    reach: ReachDep,
) -> Response:
    """Show what the records that one's unit leads still ask of it."""
    with service.database.reading() as session:
        work = work_list(session, reach, service.rulebook, today=today())
        own = drafts.own(session, account=caller.account)
    procedures = service.rulebook.procedures
    steps = {name: step.title for procedure in procedures.values() for name, step in procedure.steps.items()}
    links = [_link(draft, steps) for draft in own]
    return page(request, "work/list.html", caller=caller, work=work, drafts=links, steps=steps)


class DraftLink(Frozen):
    """Where somebody goes on with a draft."""

    address: str
    name: Bilingual
    at: datetime


def _link(draft: Draft, steps: Mapping[str, Bilingual]) -> DraftLink:
    """Name a draft by its record or step: a form is called as its page is, below the record."""
    if not draft.record:
        titles = draft.content.get("title.zh") or [""]
        name = Bilingual(zh=titles[0][:_SHOWN] or _NEW.zh, en=titles[0][:_SHOWN] or _NEW.en)
        return DraftLink(address=f"/records/{draft.form}", name=name, at=draft.at)
    step = draft.form.partition("/")[2].partition("?")[0]
    return DraftLink(address=f"/records/{draft.record}/{draft.form}", name=steps.get(step, _FACTS), at=draft.at)


_SHOWN: Final = 60
_NEW: Final = Bilingual(zh="新建事项", en="new record")
_FACTS: Final = Bilingual(zh="基本情况和认定", en="facts and determinations")
