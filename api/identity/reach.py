"""With which records a caller may work: the same answer as a condition of SQL and for a record at hand.

A department reads the records in which its unit has a role, by any name, and edits those it leads; a legal office and
a general office read those of their jurisdiction and of what lies within it; so does an auditor; an admin reads none.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Protocol

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true
from sqlmodel import col

from api.identity.callers import Caller
from api.identity.directory import Directory
from api.identity.roles import Role, decides_on
from api.records.tables import Record, RecordUnit
from engine.calendar.moment import epoch_day
from engine.parameters.jurisdictions import JurisdictionTree
from engine.vocabulary import UnitRole

_OFFICES: Final = frozenset({Role.LEGAL_OFFICE, Role.GENERAL_OFFICE})
_BY_PLACE: Final = _OFFICES | {Role.AUDITOR}


class RoleHeld(Protocol):
    """A unit's role as a record has it, such as a row of `record_unit`."""

    @property
    def name(self) -> str:
        """Return the name by which the record calls the unit."""

    @property
    def role(self) -> UnitRole:
        """Return what the unit has to do in the matter."""

    @property
    def named_on(self) -> date:
        """Return the day by which the name is to be understood."""

    @property
    def until(self) -> date | None:
        """Return the last day of the role, None if it has none."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name that means a unit on some days (both inclusive), in the records of some jurisdictions or, None, of all."""

    name: str
    first: date = date.min
    last: date = date.max
    places: frozenset[str] | None = None

    def fits(self, held: RoleHeld, jurisdiction: str) -> bool:
        """Tell whether a name in a record is this one."""
        here = self.places is None or jurisdiction in self.places
        return here and held.name == self.name and self.first <= held.named_on <= self.last


@dataclass(frozen=True, slots=True)
class Reach:
    """What a caller reaches today. Conditions go by the tables `record` and `record_unit`, see `where`."""

    role: Role
    jurisdiction: str
    today: date
    places: frozenset[str] | None
    """The jurisdictions whose records are read; None: all of them. Empty for a department, which reads by name."""
    named: tuple[Named, ...]
    """By what names the unit stands in records: what a department reads, and what is one's own."""
    legal_offices: tuple[Named, ...]
    """By what names the units in which legal offices work stand in records."""

    def where(self) -> ColumnElement[bool]:
        """Return the condition on `Record` that it may be read."""
        if self.role is Role.DEPARTMENT:
            return _has_unit(self.named)
        if self.places is None:
            return true()
        return col(Record.jurisdiction).in_(sorted(self.places)) if self.places else false()

    def where_led(self) -> ColumnElement[bool]:
        """Return the condition on `Record` that it may be edited."""
        if self.role is not Role.DEPARTMENT:
            return false()
        held = or_(col(RecordUnit.until).is_(None), col(RecordUnit.until) >= self.today)
        return _has_unit(self.named, col(RecordUnit.role) == UnitRole.LEAD, held)

    def where_decided(self, attested_by: Mapping[Role, ColumnElement[bool]]) -> ColumnElement[bool]:
        """Return the condition on `Record` and its findings that they may be decided on, as `may_decide` says.

        `attested_by`: by each role but departments, the condition that a finding is about a step which it attests;
        all others are those of departments.
        """
        if self.role not in _OFFICES:
            return false()
        lead = col(RecordUnit.role) == UnitRole.LEAD
        of_departments = not_(_has_unit(self.named, lead))
        if decides_on(Role.DEPARTMENT) is not self.role:
            of_departments = and_(of_departments, _has_unit(self.legal_offices, lead))
        own = [condition for role, condition in attested_by.items() if decides_on(role) is self.role]
        elsewhere = [condition for role, condition in attested_by.items() if decides_on(role) is not self.role]
        return and_(self.where(), or_(*own, and_(of_departments, not_(or_(false(), *elsewhere)))))

    def may_read(self, *, jurisdiction: str, units: Iterable[RoleHeld]) -> bool:
        """Tell whether a record may be read."""
        if self.role is Role.DEPARTMENT:
            return any(self.is_own(held, jurisdiction) for held in units)
        return self.reads_place(jurisdiction)

    def may_edit(self, *, jurisdiction: str, units: Iterable[RoleHeld]) -> bool:
        """Tell whether a record may be given versions, rounds and evidence."""
        return self.role is Role.DEPARTMENT and self.leads(jurisdiction=jurisdiction, units=units)

    def may_create(self, *, jurisdiction: str, units: Iterable[RoleHeld]) -> bool:
        """Tell whether a record may be submitted: in one's own jurisdiction, led by one's own unit."""
        return jurisdiction == self.jurisdiction and self.may_edit(jurisdiction=jurisdiction, units=units)

    def may_attest(self, *, jurisdiction: str, units: Collection[RoleHeld], attested_by: Role) -> bool:
        """Tell whether a step may be attested which a role attests: a department's by who leads the record."""
        if self.role is not attested_by:
            return False
        check = self.may_edit if self.role is Role.DEPARTMENT else self.may_read
        return check(jurisdiction=jurisdiction, units=units)

    def may_decide(self, *, jurisdiction: str, units: Collection[RoleHeld], attested_by: Role) -> bool:
        """Tell whether a flag on a step may be decided on which a role attests; nobody decides on their own step.

        Steps that departments attest are the lead unit's. Where that is a legal office itself, the general office
        decides on them; a legal office other than that one still may.
        """
        if self.role not in _OFFICES or not self.reads_place(jurisdiction):
            return False
        if attested_by is not Role.DEPARTMENT:
            return self.role is decides_on(attested_by)
        leads = [held for held in units if held.role == UnitRole.LEAD]
        if any(self.is_own(held, jurisdiction) for held in leads):
            return False
        judge_in_own_cause = any(name.fits(held, jurisdiction) for held in leads for name in self.legal_offices)
        return self.role is decides_on(attested_by) or judge_in_own_cause

    def leads(self, *, jurisdiction: str, units: Iterable[RoleHeld]) -> bool:
        """Tell whether one's own unit leads a record today."""
        return any(
            held.role == UnitRole.LEAD
            and (held.until is None or held.until >= self.today)
            and self.is_own(held, jurisdiction)
            for held in units
        )

    def is_own(self, held: RoleHeld, jurisdiction: str) -> bool:
        """Tell whether a name in a record means one's own unit."""
        return any(name.fits(held, jurisdiction) for name in self.named)

    def reads_place(self, jurisdiction: str) -> bool:
        """Tell whether everything of a jurisdiction is read: what an office or an auditor has, and nobody else."""
        return self.places is None or jurisdiction in self.places


def reach(caller: Caller, *, tree: JurisdictionTree, today: date) -> Reach:
    """Return what a caller reaches on a day, by the units of that moment and the jurisdictions of a rulebook."""
    return _reach(caller.role, caller.unit, caller.jurisdiction, caller.directory, tree, today)


@lru_cache(maxsize=512)
def _reach(
    role: Role, unit: str, jurisdiction: str, directory: Directory, tree: JurisdictionTree, today: date
) -> Reach:
    return Reach(
        role=role,
        jurisdiction=jurisdiction,
        today=today,
        places=_places(jurisdiction, tree, today) if role in _BY_PLACE else frozenset(),
        named=_names(frozenset({unit}), directory, tree, today),
        legal_offices=_legal_offices(directory, tree, today),
    )


@lru_cache(maxsize=8)
def _legal_offices(directory: Directory, tree: JurisdictionTree, today: date) -> tuple[Named, ...]:
    acting = frozenset(directory.acting(unit, today=today) for unit in directory.legal_offices)
    return _names(acting, directory, tree, today)


def _places(jurisdiction: str, tree: JurisdictionTree, today: date) -> frozenset[str] | None:
    day = epoch_day(today)
    within = frozenset(place for place in tree.ids if jurisdiction in tree.ancestors(place, day))
    return None if len(within) == len(tree.ids) else within


def _names(units: frozenset[str], directory: Directory, tree: JurisdictionTree, today: date) -> tuple[Named, ...]:
    """Return by what names some units, and those in whose place they stand, are meant, where and on which days."""
    own = frozenset(part for unit in units for part in directory.stands_for(unit, today=today))
    names = sorted({borne.name for unit in own if unit in directory.bodies for borne in directory.bodies[unit].names})
    found: list[Named] = []
    for name in names:
        if all(borne.unit in own for borne in directory.bearers(name)):
            found.append(Named(name))
        else:
            found += _where_shared(name, own, directory, tree, today)
    return tuple(found)


def _where_shared(
    name: str, own: frozenset[str], directory: Directory, tree: JurisdictionTree, today: date
) -> Iterable[Named]:
    """Tell on which days and in which jurisdictions a name means one of several units that bear it."""
    places: dict[tuple[date, date], set[str]] = {}
    for place in tree.ids:
        for meaning in directory.meanings(name, jurisdiction=place, tree=tree, today=today):
            if meaning.unit in own:
                places.setdefault((meaning.first, meaning.last), set()).add(place)
    for (first, last), where in sorted(places.items()):
        yield Named(name, first, last, frozenset(where))


def _has_unit(names: Collection[Named], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    if not names:
        return false()
    return or_(*(_in_places(places, names, conditions) for places, names in _by_places(names).items()))


def _by_places(names: Iterable[Named]) -> Mapping[frozenset[str] | None, list[Named]]:
    found: dict[frozenset[str] | None, list[Named]] = {}
    for name in names:
        found.setdefault(name.places, []).append(name)
    return found


def _in_places(
    places: frozenset[str] | None, names: Iterable[Named], conditions: Iterable[ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Ask by the keys of records: those of a unit are found once, and no record is asked about by itself."""
    keys = select(col(RecordUnit.record)).where(or_(*(_named(name) for name in names)), *conditions)
    found = col(Record.key).in_(keys)
    return found if places is None else and_(col(Record.jurisdiction).in_(sorted(places)), found)


def _named(name: Named) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [col(RecordUnit.name) == name.name]
    if name.first > date.min:
        conditions.append(col(RecordUnit.named_on) >= name.first)
    if name.last < date.max:
        conditions.append(col(RecordUnit.named_on) <= name.last)
    return and_(*conditions)
