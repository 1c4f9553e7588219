"""A search of all there is, in plain Python, to hold lists and counts against; by `Reach` for a record at hand.

What is decided, waived and moved to other places for it is taken back in the end.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import cycle
from typing import Any, Final, TypeVar

from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from api.clock import now, today
from api.context import Service
from api.demo.models import DemoAccount
from api.findings import service as findings
from api.findings.models import FindingFilter
from api.findings.tables import Finding, FindingState
from api.identity.accounts import NewAccount, create_account
from api.identity.authentication import caller_for
from api.identity.reach import Reach, reach
from api.identity.roles import Role
from api.identity.tables import Account
from api.identity.units import add_unit, read_directory
from api.judging.tables import Judgement
from api.records.models import RecordFilter
from api.records.tables import Record, RecordUnit
from api.reviews.queue import GATES, Barred
from api.reviews.tables import Decision, ReviewInForce, ReviewState
from api.store.keys import new_key
from api.waivers.tables import Waiver, WaiverScope, WaiverState
from engine.calendar.moment import LOCAL
from engine.record.catalogue import JOINED
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import FindingKind

Demo = tuple[TestClient, tuple[DemoAccount, ...]]
Row = TypeVar("Row")

TEST: Final = "test"
PLACES: Final = ("CN-31-MH", "CN-31", "CN-31-XH", "CN")
"""Districts of a city, the city, the country."""
OFFICES: Final = (
    ("某市司法局(虚构)", "CN-31", Role.LEGAL_OFFICE),
    ("某市司法局(虚构)", "CN-31", Role.GENERAL_OFFICE),
    ("某区司法局(虚构)", "CN-31-MH", Role.LEGAL_OFFICE),
    ("某区政府办公室(虚构)", "CN-31-MH", Role.GENERAL_OFFICE),
    ("某区司法局乙(虚构)", "CN-31-XH", Role.LEGAL_OFFICE),
    ("某区司法局乙(虚构)", "CN-31-XH", Role.DEPARTMENT),
)
PAGE: Final = 7
"""So few rows stand on a page that there are many."""


@dataclass(frozen=True)
class Stored:
    """All there is, as it lies in the store."""

    records: Mapping[str, Record]
    units: Mapping[str, Sequence[RecordUnit]]
    judgements: Mapping[str, Judgement]
    findings: Sequence[Finding]
    holds: Mapping[str, ReviewInForce]
    waivers: Sequence[Waiver]
    rulebook: Rulebook

    @cached_property
    def bars(self) -> Mapping[str, int]:
        return {card.id: GATES.index(Barred.of(card.bars)) for card in self.rulebook.cards if card.bars}

    @cached_property
    def waived(self) -> Mapping[tuple[str, str], date]:
        found: dict[tuple[str, str], date] = {}
        for one in self.waivers:
            if one.state == WaiverState.APPROVED and one.since <= today() <= one.until:
                about = one.record, one.card
                found[about] = max(one.until, found.get(about, one.until))
        return found

    def attested_by(self, finding: Finding) -> Role:
        procedure = self.rulebook.procedures.get(self.records[finding.record].procedure)
        step = procedure.steps.get(finding.step) if procedure else None
        return Role.of(step.attested_by) if step else Role.DEPARTMENT

    def place(self, finding: Finding) -> int:
        return self.bars.get(finding.card, len(GATES) - 1)

    def waived_until(self, finding: Finding) -> date | None:
        return self.waived.get((finding.record, finding.card))

    def reads(self, who: Reach, record: str) -> bool:
        return who.may_read(jurisdiction=self.records[record].jurisdiction, units=self.units.get(record, ()))

    def leads(self, who: Reach, record: str) -> bool:
        return who.may_edit(jurisdiction=self.records[record].jurisdiction, units=self.units.get(record, ()))

    def decides(self, who: Reach, finding: Finding) -> bool:
        place, units = self.records[finding.record].jurisdiction, self.units.get(finding.record, ())
        return who.may_decide(jurisdiction=place, units=units, attested_by=self.attested_by(finding))

    def fits(self, wanted: FindingFilter, finding: Finding) -> bool:
        record, holds = self.records[finding.record], self.holds.get(finding.key)
        age = (today() - finding.opened_at.astimezone(LOCAL).date()).days
        overdue = finding.state != FindingState.RECTIFIED and bool(holds and holds.due and holds.due < today())
        return _agree(
            (wanted.unit, record.lead_unit),
            (wanted.jurisdiction, record.jurisdiction),
            (wanted.procedure, record.procedure),
            (wanted.record, record.key),
            (wanted.step, finding.step),
            (wanted.card, finding.card),
            (wanted.kind, finding.kind),
            (wanted.state, finding.state),
            (wanted.review, ReviewState.of(holds.decision) if holds else ReviewState.UNDECIDED),
            (wanted.overdue, overdue),
            (wanted.waived, self.waived_until(finding) is not None),
        ) and (wanted.age_from or 0) <= age <= (age if wanted.age_to is None else wanted.age_to)

    def fits_record(self, wanted: RecordFilter, record: Record) -> bool:
        if wanted.procedure is None and record.procedure in JOINED:
            return False
        units = self.units.get(record.key, ())
        named = [unit for unit in units if _agree((wanted.unit, unit.name), (wanted.role, unit.role))]
        said = (record.title_zh, record.title_en, record.own_id, record.organ)
        return (
            _agree(
                (wanted.jurisdiction, record.jurisdiction),
                (wanted.procedure, record.procedure),
                (wanted.state, record.state),
                (wanted.compliant, self.judgements[record.key].flags == 0),
            )
            and (bool(named) or (wanted.unit, wanted.role) == (None, None))
            and any((wanted.text or "") in text for text in said)
        )


def _agree(*pairs: tuple[object, object]) -> bool:
    return all(wanted is None or wanted == found for wanted, found in pairs)


@contextmanager
def district(demo: Demo) -> Iterator[tuple[Session, Stored, list[Reach]]]:
    """Spread the district over places, decide and waive something, and take all of it back."""
    client, accounts = demo
    service: Service = client.app.state.service  # type: ignore[attr-defined]  # the application that was made above
    with service.database.writing() as session:
        _spread(session)
        _decide(session)
        stored = _stored(session, service.rulebook)
        yield session, stored, _reaches(session, service.rulebook, [account.login for account in accounts])
        session.rollback()


def _spread(session: Session) -> None:
    for place, record in zip(cycle(PLACES), session.exec(select(Record).order_by(Record.key)), strict=False):
        record.jurisdiction = place
        session.add(record)
    chosen = cycle((FindingState.OPEN, FindingState.OPEN, FindingState.RECTIFIED, FindingState.SUBSUMED))
    for number, finding in enumerate(session.exec(select(Finding).order_by(Finding.key))):
        finding.state = next(chosen)
        finding.opened_at -= timedelta(days=number % 5)
        if number % 17 == 0:
            finding.step = "no step of the rulebook"
        session.add(finding)
    session.flush()


def _decide(session: Session) -> None:
    decisions = cycle((None, None, *Decision))
    for number, finding in enumerate(session.exec(select(Finding).order_by(Finding.key)).all()):
        decision = next(decisions)
        if decision:
            due = today() + timedelta(days=number % 7 - 3) if decision == Decision.RECTIFICATION_ORDERED else None
            until = now() if number % 11 == 0 else None
            session.add(
                ReviewInForce(finding=finding.key, number=1, decision=decision, due=due, since=now(), until=until)
            )
        if number % 5 == 0:
            session.add(_waiver(finding, number))
    session.flush()


def _waiver(finding: Finding, number: int) -> Waiver:
    return Waiver(
        key=new_key(),
        finding=finding.key,
        record=finding.record,
        card=finding.card,
        version=1,
        scope=WaiverScope.FINDING,
        reason=TEST,
        since=today() + timedelta(days=number % 4 - 2),
        until=today() + timedelta(days=number % 3 - 1),
        state=tuple(WaiverState)[number % 3 % 2],
        applied_at=now() - timedelta(days=number % 5),
        by=TEST,
        role=Role.DEPARTMENT,
        unit=TEST,
        events=1,
    )


def _stored(session: Session, rulebook: Rulebook) -> Stored:
    units: dict[str, list[RecordUnit]] = {}
    for unit in session.exec(select(RecordUnit)):
        units.setdefault(unit.record, []).append(unit)
    holding = select(ReviewInForce).where(col(ReviewInForce.until).is_(None))
    return Stored(
        records={row.key: row for row in session.exec(select(Record))},
        units=units,
        judgements={row.record: row for row in session.exec(select(Judgement))},
        findings=session.exec(select(Finding)).all(),
        holds={row.finding: row for row in session.exec(holding)},
        waivers=session.exec(select(Waiver)).all(),
        rulebook=rulebook,
    )


def _reaches(session: Session, rulebook: Rulebook, logins: Collection[str]) -> list[Reach]:
    """Return how far everybody of the district reaches, and offices of a city and of its districts."""
    keys: dict[tuple[str, str], str] = {}
    made = []
    for name, place, role in OFFICES:
        if (name, place) not in keys:
            unit = add_unit(session, name=name, jurisdiction=place, tree=rulebook.tree, at=now(), actor=TEST)
            keys[name, place] = unit.key
        new = NewAccount(login=new_key(), name=TEST, role=role, unit=keys[name, place])
        made.append(create_account(session, new, one_time=None, at=now(), actor=TEST).account)
    known = session.exec(select(Account).where(col(Account.login).in_(logins))).all()
    directory = read_directory(session)
    callers = [caller_for(account, directory, session=None, at=now()) for account in (*known, *made)]
    return [reach(caller, tree=rulebook.tree, today=today()) for caller in callers]


def paged(ask: Callable[[Any], Sequence[Row]], position: Callable[[Row], Any]) -> list[Row]:
    """Read a list page by page."""
    found: list[Row] = []
    while page := ask(position(found[-1]) if found else None):
        found += page
    return found


def wanted_findings(stored: Stored) -> Iterable[FindingFilter]:
    some = stored.findings[len(stored.findings) // 2]
    yield FindingFilter()
    yield FindingFilter(kind=FindingKind.FLAG, state=FindingState.OPEN, review=ReviewState.UNDECIDED)
    yield FindingFilter(kind=FindingKind.QUESTION, state=FindingState.OPEN)
    yield from (FindingFilter(state=state) for state in FindingState)
    yield from (FindingFilter(review=review, state=FindingState.OPEN) for review in ReviewState)
    yield from (FindingFilter(overdue=truth) for truth in (True, False))
    yield from (FindingFilter(waived=truth, state=FindingState.OPEN) for truth in (True, False))
    yield from (FindingFilter(age_from=2), FindingFilter(age_to=1, kind=FindingKind.FLAG))
    yield from (FindingFilter(card=some.card), FindingFilter(step=some.step, state=some.state))
    yield from (FindingFilter(record=some.record, state=FindingState.OPEN), FindingFilter(jurisdiction="CN-31"))
    yield FindingFilter(unit=stored.records[some.record].lead_unit, state=FindingState.OPEN, overdue=False)


def newest(row: findings.Listed) -> tuple[datetime, str]:
    return row.finding.opened_at, row.finding.key
