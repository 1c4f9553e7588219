"""The calendar of a unit: the days by which something is due in its matters, as an iCalendar feed.

An entry is the same for as long as what is due is the same: when the day moves, it moves; when nothing is due any more,
it is gone. It names records by the ids that units gave them, and cards, not titles of matters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from icalendar import Calendar, Event
from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col, select

from api.identity.callers import Caller
from api.identity.reach import Reach, reach
from api.identity.roles import Role
from api.identity.units import UnitUnknownError
from api.outbox.receivers import reach_of
from api.outbox.tables import DueDay, DueKind
from api.records.tables import Record
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Language

MOST: Final = 5_000
"""So many entries are given, those that are due first."""

_OFFICES: Final = frozenset({Role.LEGAL_OFFICE, Role.GENERAL_OFFICE})
_FOLLOWED_UP: Final = (DueKind.RECTIFICATION, DueKind.WAIVER)
_PRODUCT: Final = "-//DueCourse//due days//ZH"
_REFRESH: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Diary:
    """Writes the calendars that a caller may have, by the units and the rulebook of today."""

    caller: Caller
    rulebook: Rulebook
    today: date
    language: Language
    public_url: str

    def of_unit(self, session: Session, unit: str) -> bytes:
        """Write the calendar of a unit as far as the caller reaches; raises `UnitUnknownError`."""
        directory = self.caller.directory
        if unit not in directory.bodies:
            raise UnitUnknownError(given=unit)
        acting = directory.acting(unit, today=self.today)
        query = select(DueDay, Record.own_id).join(Record, col(Record.key) == col(DueDay.record))
        wanted = query.where(col(DueDay.ended_at).is_(None), *self._concerning(acting))
        rows = session.exec(wanted.order_by(col(DueDay.due), col(DueDay.key)).limit(MOST))
        return self._written(directory.called(acting, day=self.today), rows)

    def _concerning(self, unit: str) -> Iterable[ColumnElement[bool]]:
        """Return the conditions on what is in a unit's calendar, and on what the caller may read of it.

        Departments keep the days of the matters in which they have a role; an office has in its own calendar the steps
        that it attests, and what it follows up.
        """
        own: Reach = reach(self.caller, tree=self.rulebook.tree, today=self.today)
        yield own.where()
        in_role = reach_of(unit, Role.DEPARTMENT, self.caller.directory, self.rulebook.tree, today=self.today).where()
        if unit == self.caller.unit and self.caller.role in _OFFICES:
            yield or_(in_role, self._attested_by(self.caller.role), col(DueDay.kind).in_(_FOLLOWED_UP))
        else:
            yield in_role

    def _attested_by(self, role: Role) -> ColumnElement[bool]:
        parts = [
            and_(
                col(Record.procedure) == procedure.id,
                col(DueDay.step).in_([name for name, step in procedure.steps.items() if step.attested_by == role]),
            )
            for procedure in self.rulebook.procedures.values()
        ]
        return or_(false(), *parts)

    def _written(self, name: str, rows: Iterable[tuple[DueDay, str]]) -> bytes:
        made, language = Calendar(), self.language
        made.add("prodid", _PRODUCT)
        made.add("version", "2.0")
        made.add("method", "PUBLISH")
        made.add("x-wr-calname", _NAME.say(language).format(name))
        made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", _REFRESH)
        titles = {card.id: card.title for card in self.rulebook.cards}
        for row, own_id in rows:
            made.add_component(self._entry(row, own_id, titles))
        return bytes(made.to_ical())

    def _entry(self, row: DueDay, own_id: str, titles: Mapping[str, Bilingual]) -> Event:
        language, entry = self.language, Event()
        title = titles[row.card].say(language) if row.card in titles else row.card
        address = f"{self.public_url.rstrip('/')}/api/v1/records/{row.record}"
        entry.add("uid", f"{row.key}@duecourse")
        entry.add("dtstamp", row.changed_at)
        entry.add("last-modified", row.changed_at)
        entry.add("sequence", row.sequence)
        entry.add("dtstart", row.due)
        entry.add("dtend", row.due + timedelta(days=1))
        entry.add("summary", _SUMMARY.say(language).format(kind=row.kind.say(language), own_id=own_id, title=title))
        entry.add("description", f"{row.card} {title}\n{address}")
        entry.add("url", address)
        entry.add("categories", [row.kind.say(language)])
        entry.add("transp", "TRANSPARENT")
        entry.add("class", "PRIVATE")
        return entry


_NAME: Final = Bilingual(zh="循程到期日:{}", en="DueCourse due days: {}")
_SUMMARY: Final = Bilingual(zh="{kind}:{own_id},{title}", en="{kind}: {own_id}, {title}")
