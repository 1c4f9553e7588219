"""What the pages of forms share: a record as it is filled in, the draft of a form, and saving on top of a version."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from api.asked import Asked
from api.clock import now
from api.context import Service
from api.drafts import service as drafts
from api.identity.callers import Caller
from api.identity.reach import Reach
from api.judging.models import StatusOut
from api.judging.rulebooks import ReadyRulebook
from api.records.bodies import read_plain
from api.records.changes import Change, Written
from api.records.clerk import Clerk
from api.records.standing import standing
from api.records.tables import Record
from api.records.versions import editable, newest
from api.refusals import InvalidError
from api.web.form_errors import FormOutdatedError
from api.web.typed import Sent, Typed
from engine.procedure import Procedure
from engine.record import DecisionRecord


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody who fills in forms: with which service, how far they reach."""

    service: Service
    caller: Caller
    reach: Reach

    @property
    def clerk(self) -> Clerk:
        """Return who enters records for them."""
        service = self.service
        return Clerk(service.database, service.rulebooks, service.judge, self.caller, self.reach)

    def opened(self, key: str) -> "Opened":
        """Open a record that may be changed; raises what `editable` raises."""
        with self.service.database.reading() as session:
            row = editable(session, self.reach, key)
            body = newest(session, row).body
            rules = self.service.rulebooks.active(session)
        data = json.loads(body)
        return Opened(row, data, rules, rules.rulebook.procedures[row.procedure])

    def standing(self, key: str) -> StatusOut:
        """Tell how a record stands today."""
        return standing(self.service, self.reach, key, Asked())

    def draft(self, form: str, *, record: str = drafts.NEW) -> "Draft | None":
        """Return what was kept of a form."""
        with self.service.database.reading() as session:
            row = drafts.kept(session, account=self.caller.account, record=record, form=form)
        return Draft(Typed(row.content), row.at) if row else None

    def keep_draft(self, form: str, sent: Sent, *, record: str = drafts.NEW) -> None:
        """Keep what was typed."""
        with self.service.database.writing() as session:
            own, content = self.caller.account, sent.typed.content
            drafts.keep(session, account=own, record=record, form=form, content=content, at=now())

    def discard_draft(self, form: str, *, record: str = drafts.NEW) -> None:
        """Forget what was typed."""
        with self.service.database.writing() as session:
            drafts.forget(session, account=self.caller.account, record=record, form=form)

    def save(self, change: Change, *, form: str, record: str, version: int | None) -> Written:
        """Write a change on top of the version that a form was made of; raises `FormOutdatedError`."""
        with self.service.database.writing() as session:
            if record:
                self._require(session, record, version)
            written = change.write(session)
            drafts.forget(session, account=self.caller.account, record=record, form=form)
        return written

    def _require(self, session: Session, record: str, version: int | None) -> None:
        row = editable(session, self.reach, record)
        if row.version != version:
            raise FormOutdatedError(given=version, newest=row.version)


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that is being changed: its row, what it says, and by which rules it is read."""

    row: Record
    data: dict[str, Any]
    rules: ReadyRulebook
    procedure: Procedure

    def rounds(self, step: str) -> list[dict[str, Any]]:
        """Return the rounds of a step, as they are stored."""
        found: list[dict[str, Any]] = self.data.get("steps", {}).get(step, [])
        return found

    def under_way(self, step: str) -> int | None:
        """Return the number of the last round of a step if it counts and is not completed: what is left goes there."""
        completes, rounds = self.procedure.steps[step].completes, self.rounds(step)
        if not rounds or rounds[-1].get("void") or rounds[-1].get("voided"):
            return None
        timing = rounds[-1].get(completes) or {}
        return None if isinstance(timing, str) or timing.get("actual") else len(rounds)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed before, and when it was kept."""

    typed: Typed
    at: datetime


def record_of(data: dict[str, Any], rules: ReadyRulebook) -> DecisionRecord:
    """Read what a form says as a record; raises `InvalidError`."""
    found = read_plain(data, rules)
    if isinstance(found, DecisionRecord):
        return found
    raise InvalidError.of(found)


def kept_quietly() -> Response:
    """Answer a script that kept a draft."""
    return Response(status_code=204)
