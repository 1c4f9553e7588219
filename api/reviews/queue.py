"""The queue: the findings about which a caller decides, by the gate that they bar and by age. Decides nothing.

What a card bars, and whose a step is, are asked of the active rulebook. A step that it does not know is listed with
those of departments; whether it is, is asked once more when something is decided.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlmodel import Session, col

from api.findings.models import FindingFilter, FindingRow
from api.findings.service import (
    Listed,
    conditions,
    decided,
    on_decisions,
    on_findings,
    on_records,
    told_row,
    with_decisions,
)
from api.findings.tables import Finding
from api.identity.reach import Reach
from api.identity.roles import Role
from api.records.tables import Record
from api.reviews.several import seen
from api.reviews.tables import ReviewInForce
from api.store.conditions import newer
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Gate, Word

Position = tuple[int, datetime, str]


class Barred(Word):
    """What a finding bars. The order of the members is that of the queue."""

    DISCUSSION = "discussion", "提交讨论", "discussion"
    ISSUE = "issue", "出台", "issue"
    NOTHING = "none", "不设关口", "no gate"


GATES: Final = tuple(Barred)


def barred_by(rulebook: Rulebook, card: str) -> Barred:
    """Return what a card bars."""
    bars = next((one.bars for one in rulebook.cards if one.id == card), None)
    return Barred.of(bars) if bars else Barred.NOTHING


class QueueRow(FindingRow):
    """A finding in the queue. `seen`: how it stood when it was listed."""

    gate: Barred
    seen: str


class Queue:
    """Whose queue it is, and by which rulebook."""

    def __init__(self, reach: Reach, rulebook: Rulebook, *, today: date) -> None:
        """Ask the rulebook which cards bar what, and whose the steps are."""
        self._reach, self._today = reach, today
        self._barring = {
            gate: [card.id for card in rulebook.cards if card.bars == Gate.of(gate)] for gate in GATES[:-1]
        }
        self._steps: dict[Role, list[tuple[str, str]]] = {}
        for name, procedure in rulebook.procedures.items():
            for step, one in procedure.steps.items():
                self._steps.setdefault(Role.of(one.attested_by), []).append((name, step))

    def listed(
        self,
        session: Session,
        wanted: FindingFilter,
        *,
        gate: Barred | None = None,
        after: Position | None = None,
        limit: int,
    ) -> Sequence[Listed]:
        """Return findings, those that bar the earliest gate first, of these the oldest, from behind a position on."""
        found: list[Listed] = []
        for place, one in enumerate(GATES):
            if (gate in {None, one}) and (after is None or after[0] <= place) and len(found) < limit:
                behind = after[1:] if after is not None and after[0] == place else None
                found += self._of_gate(session, wanted, one, behind, limit - len(found))
        return found

    def counts(self, session: Session, wanted: FindingFilter) -> Mapping[Barred, int]:
        """Count the findings by gate: record by record, as nothing else is asked of most of them than an index has."""
        own = [col(Finding.record) == col(Record.key), self._decided()]
        # These two stand behind the record in an index, and first in none that could be taken for a better one.
        by_index = wanted.model_copy(update=dict.fromkeys(("step", "card", "age_from", "age_to")))
        others = wanted.model_copy(update={"state": None, "kind": None})
        own += [
            *on_findings(by_index, self._today),
            *on_findings(others, self._today, by_record=True),
        ]
        count = func.count(col(Finding.key))
        query = (
            select(count, *(count.filter(self._bars(gate)) for gate in self._barring))
            .select_from(Record)
            .outerjoin(Finding, and_(*own))
            .where(self._reach.where(), *on_records(wanted), *on_decisions(wanted, self._today))
        )
        if wanted.asks_for_decisions:
            query = query.outerjoin(ReviewInForce, decided())
        total, *barring = session.execute(query).one()
        return dict(zip(GATES, [*barring, total - sum(barring)], strict=True))

    def told(self, row: Listed) -> QueueRow:
        """Tell a finding in the queue."""
        gate = GATES[self.place_of(row)]
        return QueueRow(**dict(told_row(row, today=self._today)), gate=gate, seen=seen(row.finding, row.holds))

    def place_of(self, row: Listed) -> int:
        """Return where the gate stands that a finding bars."""
        card = row.finding.card
        return next((place for place, gate in enumerate(self._barring) if card in self._barring[gate]), len(GATES) - 1)

    def _of_gate(
        self,
        session: Session,
        wanted: FindingFilter,
        gate: Barred,
        behind: tuple[datetime, str] | None,
        limit: int,
    ) -> Sequence[Listed]:
        opened, key = col(Finding.opened_at), col(Finding.key)
        query = with_decisions(self._today).where(*self._conditions(wanted), self._bars(gate))
        if behind is not None:
            query = query.where(newer(opened, key, than=behind))
        return [Listed(*row) for row in session.execute(query.order_by(opened, key).limit(limit))]

    def _conditions(self, wanted: FindingFilter) -> list[ColumnElement[bool]]:
        return [self._decided(), *conditions(wanted, self._today)]

    def _decided(self) -> ColumnElement[bool]:
        return self._reach.where_decided(self._attested_by())

    def _attested_by(self) -> Mapping[Role, ColumnElement[bool]]:
        return {role: _any_of(steps) for role, steps in self._steps.items() if role is not Role.DEPARTMENT}

    def _bars(self, gate: Barred) -> ColumnElement[bool]:
        card = col(Finding.card)
        if gate in self._barring:
            return card.in_(self._barring[gate])
        return card.not_in([each for cards in self._barring.values() for each in cards])


def _any_of(steps: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    """Return the condition that a finding is about one of some steps of procedures."""
    by_procedure: dict[str, list[str]] = {}
    for procedure, step in steps:
        by_procedure.setdefault(procedure, []).append(step)
    parts = (
        and_(col(Record.procedure) == procedure, col(Finding.step).in_(names))
        for procedure, names in by_procedure.items()
    )
    return or_(false(), *parts)
