"""Gather the work list of whoever leads records, from what was kept when they were last judged. Judges nothing."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session, col

from api.findings import service as findings
from api.findings.models import FindingFilter
from api.findings.tables import FindingState
from api.identity.reach import Reach
from api.judging.models import GateOut
from api.judging.tables import JudgedStatus
from api.judging.telling import told_finding
from api.outbox.tables import DueDay, DueKind
from api.records.tables import Record, RecordState, RecordVersion
from api.reviews.standing import review_state
from api.store.conditions import looked_at
from api.work.models import DueItem, Matter, OpenFinding, OpenMatter, UnderWay, WorkList
from engine.calendar.moment import LOCAL, Moment, moment
from engine.cards.card import Card
from engine.evaluation import results
from engine.evaluation.words import article
from engine.procedure import Procedure
from engine.record.catalogue import JOINED
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, FindingKind, Gate

MOST_DUES: Final = 100
MOST_FINDINGS: Final = 50
MOST_UNDER_WAY: Final = 30
"""So much is shown of each; of what is due that which is due first, of the rest the newest."""


_GATES: Final = TypeAdapter(dict[Gate, GateOut])


def work_list(session: Session, reach: Reach, rulebook: Rulebook, *, today: date) -> WorkList:
    """Gather what the records ask of the unit that leads them."""
    shown = [
        *_findings(session, reach, FindingKind.FLAG, today),
        *_findings(session, reach, FindingKind.QUESTION, today),
    ]
    under_way = tuple(_under_way(session, reach, rulebook))
    dues = [*_dues(session, reach, rulebook, today), *_before_gates(under_way, rulebook, today)]
    return WorkList(
        dues=tuple(sorted(dues, key=lambda due: (due.day, due.matter.key, due.card))[:MOST_DUES]),
        matters=tuple(_by_matter(shown, today)),
        under_way=under_way,
        more=any(sum(row.finding.kind is kind for row in shown) == MOST_FINDINGS for kind in FindingKind),
    )


def _dues(session: Session, reach: Reach, rulebook: Rulebook, today: date) -> Iterator[DueItem]:
    query = (
        select(DueDay, Record)
        .join(Record, col(Record.key) == col(DueDay.record))
        .where(col(DueDay.ended_at).is_(None), reach.where_led())
        .order_by(col(DueDay.due), col(DueDay.key))
        .limit(MOST_DUES)
    )
    cards = {card.id: card for card in rulebook.cards}
    for due, row in session.execute(query):
        yield _due(_matter(row), due.kind, due.due, (due.card, cards.get(due.card)), rulebook, today)


def _before_gates(under_way: Iterable[UnderWay], rulebook: Rulebook, today: date) -> Iterator[DueItem]:
    """Give what still bars a gate, by the day on which that is planned to be passed."""
    cards = {card.id: card for card in rulebook.cards}
    for one in under_way:
        for gate, day in one.planned.items():
            stands = one.gates.get(gate)
            for card in stands.barred_by if stands else ():
                yield _due(one.matter, DueKind.GATE, day, (card, cards.get(card)), rulebook, today)


def _due(
    matter: Matter, kind: DueKind, day: date, named: tuple[str, Card | None], rulebook: Rulebook, today: date
) -> DueItem:
    name, card = named
    return DueItem(
        matter=matter,
        kind=kind,
        day=day,
        days=(day - today).days,
        card=name,
        what=card.title if card else Bilingual(zh=name, en=name),
        article=_article(card, rulebook),
        remedy=card.remedy if card else None,
    )


def _article(card: Card | None, rulebook: Rulebook) -> Bilingual | None:
    return article(card, rulebook.instruments[card.source.instrument]) if card else None


def _findings(session: Session, reach: Reach, kind: FindingKind, today: date) -> Sequence[findings.Listed]:
    wanted = FindingFilter(kind=kind, state=FindingState.OPEN)
    rows = findings.listed(session, reach, wanted, today=today, limit=MOST_FINDINGS, led=True)
    return [row for row in rows if row.finding.under is None]


def _by_matter(rows: Iterable[findings.Listed], today: date) -> Iterator[OpenMatter]:
    """Group findings by record: those with the earliest day for a rectification first, then those with flags."""
    ordered = sorted(rows, key=lambda row: row.record.key)
    found = [
        OpenMatter(matter=_matter(group[0].record), findings=tuple(_finding(row, today) for row in group))
        for group in ([*own] for _, own in groupby(ordered, key=lambda row: row.record.key))
    ]
    yield from sorted(found, key=_urgency)


def _urgency(matter: OpenMatter) -> tuple[date, bool, str]:
    days = [finding.ordered for finding in matter.findings if finding.ordered]
    has_flag = any(finding.told.kind is FindingKind.FLAG for finding in matter.findings)
    return min(days, default=date.max), not has_flag, matter.matter.key


def _finding(row: findings.Listed, today: date) -> OpenFinding:
    return OpenFinding(
        key=row.finding.key,
        told=told_finding(results.Finding.model_validate_json(row.finding.said)),
        age_days=max(0, (today - row.finding.opened_at.astimezone(LOCAL).date()).days),
        review=review_state(row.holds),
        ordered=row.holds.due if row.holds else None,
    )


def _under_way(session: Session, reach: Reach, rulebook: Rulebook) -> Iterator[UnderWay]:
    for row, status, body in session.execute(_open_records(reach)):
        procedure = rulebook.procedures.get(row.procedure)
        yield UnderWay(
            matter=_matter(row),
            gates=_GATES.validate_python(json.loads(status)["gates"]),
            planned=planned_gates(json.loads(body), procedure) if procedure else {},
        )


def _open_records(reach: Reach) -> Select[Record, str, str]:
    newest = (col(RecordVersion.record) == col(Record.key)) & (col(RecordVersion.number) == col(Record.version))
    return (
        select(Record, col(JudgedStatus.text), col(RecordVersion.body))
        .join(JudgedStatus, col(JudgedStatus.record) == col(Record.key))
        .join(RecordVersion, newest)
        .where(*_wanted(reach))
        .order_by(col(Record.changed_at).desc(), col(Record.key))
        .limit(MOST_UNDER_WAY)
    )


def _wanted(reach: Reach) -> tuple[ColumnElement[bool], ...]:
    is_open = looked_at(col(Record.state), RecordState.OPEN)
    return reach.where_led(), is_open, col(Record.procedure).not_in(JOINED)


def planned_gates(body: Mapping[str, Any], procedure: Procedure) -> dict[Gate, date]:
    """Return the day on which each gate is planned to be passed first, as a record stands in the store."""
    found: dict[Gate, date] = {}
    for gate, names in procedure.gates.items():
        days = [planned.first_day for name in names for planned in _planned(body, name) if planned.has_a_day]
        if days:
            found[gate] = min(days)
    return found


def _planned(body: Mapping[str, Any], name: str) -> Iterator[Moment]:
    """Return the moments by a name such as `meeting.held` that are planned or announced, and did not take place."""
    step, *_, attribute = name.split(".")
    for entry in body.get("steps", {}).get(step, ()):
        timing = entry.get(attribute)
        stands = not entry.get("void") and not entry.get("voided")
        if stands and isinstance(timing, dict) and not timing.get("actual"):
            text = timing.get("announced") or timing.get("planned")
            if text:
                yield moment(text)


def _matter(row: Record) -> Matter:
    return Matter(key=row.key, id=row.own_id, title=Bilingual(zh=row.title_zh, en=row.title_en))
