"""Units: added, renamed and merged by date. What they are called decides what they reach, so names may not collide.

A name may be borne by one unit only at a time in a jurisdiction and in those above and below it. Sessions given are
those of `Database.writing()`, except for reading.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.identity.directory import Body, Borne, Directory
from api.identity.roles import Role
from api.identity.tables import Account, DirectoryState, Unit, UnitName
from api.refusals import ConflictError, InvalidError, UnknownError
from api.store import trail
from api.store.keys import new_key
from engine.calendar.moment import LOCAL, epoch_day
from engine.parameters.jurisdictions import JurisdictionTree
from engine.reading.problems import near
from engine.vocabulary import Bilingual

NAME_LENGTH: Final = 200
_DAY: Final = timedelta(days=1)


class UnitUnknownError(UnknownError):
    """There is no such unit."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "unknown_unit",
            given=given,
            expected=Bilingual(zh="已登记的承办单位或者机构", en="a unit that is registered"),
            do=Bilingual(zh="更正,或者请管理员登记", en="correct it, or ask an administrator to register the unit"),
            field="unit",
        )


class UnitNameSharedError(ConflictError):
    """Several units bear the name today."""

    def __init__(self, *, given: str, units: Iterable[str]) -> None:
        """Keep the name, and whose it is."""
        listed = ", ".join(sorted(units))
        super().__init__(
            "unit_name_shared",
            given=given,
            expected=Bilingual(zh=f"标识: {listed} 之一", en=f"a key, one of {listed}"),
            do=Bilingual(zh="用标识指明单位", en="name the unit by its key"),
            field="unit",
        )


class JurisdictionUnknownError(InvalidError):
    """The rulebook knows no such jurisdiction."""

    def __init__(self, *, given: str, tree: JurisdictionTree) -> None:
        """Keep what was given."""
        known = ", ".join(tree.ids)
        super().__init__(
            "unknown_jurisdiction",
            given=given,
            expected=Bilingual(zh=f"{known} 之一", en=f"one of {known}{near(given, list(tree.ids))}"),
            do=Bilingual(zh="更正,或者在规则库中补充", en="correct it, or add the jurisdiction to the rulebook"),
            field="jurisdiction",
        )


class NameTakenError(ConflictError):
    """The name is already that of another unit whose records would be mixed up with this one's."""

    def __init__(self, *, name: str, unit: str, jurisdiction: str) -> None:
        """Keep the name, and who bears it."""
        super().__init__(
            "name_taken",
            given=name,
            expected=Bilingual(
                zh=f"同一时间在{jurisdiction}及其上下级没有其他单位(现为{unit})使用的名称",
                en=f"a name that no other unit (here {unit} in {jurisdiction}) bears on those days, there or above",
            ),
            do=Bilingual(
                zh="使用带有地名的全称,或者更正日期", en="use the full name with the place, or correct the days"
            ),
            field="name",
        )
        self.unit = unit


class NameNotBorneError(InvalidError):
    """A name cannot be used as it was given."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "not_a_name",
            given=given,
            expected=Bilingual(zh=f"1至{NAME_LENGTH}个字符", en=f"1 to {NAME_LENGTH} characters"),
            do=Bilingual(zh="填写单位名称", en="give the unit's name"),
            field="name",
        )


class RenamedTooEarlyError(InvalidError):
    """A unit cannot take a name before the day on which it took its present one."""

    def __init__(self, *, given: date, after: date) -> None:
        """Keep the days."""
        super().__init__(
            "renamed_too_early",
            given=given.isoformat(),
            expected=Bilingual(zh=f"{after}之后的日期", en=f"a day after {after}, when the present name began"),
            do=Bilingual(zh="更正日期", en="correct the day"),
            field="since",
        )


class MergedAlreadyError(ConflictError):
    """A unit that has been merged, or is to be, can be neither renamed nor merged once more."""

    def __init__(self, *, unit: str) -> None:
        """Keep the unit."""
        super().__init__(
            "merged_already",
            given=unit,
            expected=Bilingual(zh="尚未并入其他单位的单位", en="a unit that has not been merged into another"),
            do=Bilingual(zh="对合并后的单位办理", en="do it for the unit into which it was merged"),
            field="unit",
        )


class MergedIntoItselfError(InvalidError):
    """A unit cannot be merged into itself, nor into what has been merged into it."""

    def __init__(self, *, unit: str) -> None:
        """Keep the unit."""
        super().__init__(
            "merged_into_itself",
            given=unit,
            expected=Bilingual(zh="另一个存续的单位", en="another unit, which goes on"),
            do=Bilingual(zh="更正", en="correct it"),
            field="into",
        )


def add_unit(
    session: Session,
    *,
    name: str,
    jurisdiction: str,
    since: date | None = None,
    tree: JurisdictionTree,
    at: datetime,
    actor: str,
) -> Unit:
    """Register a unit with the name that it bears since a day, or has always borne.

    Raises `JurisdictionUnknownError`, `NameNotBorneError` and `NameTakenError`.
    """
    name = name_of(name)
    if jurisdiction not in tree.by_id:
        raise JurisdictionUnknownError(given=jurisdiction, tree=tree)
    unit = Unit(key=new_key(), jurisdiction=jurisdiction, created_at=at)
    borne = Borne(unit.key, name, first=since or date.min)
    _refuse_taken(read_directory(session), borne, jurisdiction=jurisdiction, tree=tree, today=local_day(at))
    session.add(unit)
    session.flush()
    session.add(UnitName(key=new_key(), unit=unit.key, name=name, since=since))
    content = {"name": name, "jurisdiction": jurisdiction, "since": since.isoformat() if since else None}
    trail.append(session, at=at, actor=actor, action="unit.created", subject=unit.key, content=content)
    note_change(session)
    return unit


def rename_unit(
    session: Session, key: str, *, name: str, since: date, tree: JurisdictionTree, at: datetime, actor: str
) -> Unit:
    """Let a unit bear another name from a day on.

    Raises `UnitUnknownError`, `MergedAlreadyError`, `NameNotBorneError`, `RenamedTooEarlyError` and `NameTakenError`.
    """
    name = name_of(name)
    unit = _standing(session, key)
    present = _present_name(session, key)
    if present.since is not None and since <= present.since:
        raise RenamedTooEarlyError(given=since, after=present.since)
    borne = Borne(key, name, first=since)
    _refuse_taken(read_directory(session), borne, jurisdiction=unit.jurisdiction, tree=tree, today=local_day(at))
    present.until = since - _DAY
    session.add(present)
    session.add(UnitName(key=new_key(), unit=key, name=name, since=since))
    content = {"name": name, "since": since.isoformat()}
    trail.append(session, at=at, actor=actor, action="unit.renamed", subject=key, content=content)
    note_change(session)
    return unit


def merge_unit(session: Session, key: str, *, into: str, on: date, at: datetime, actor: str) -> Unit:
    """Let another unit stand in the place of a unit from a day on: its records and accounts are then the other's.

    Raises `UnitUnknownError`, `MergedAlreadyError`, `MergedIntoItselfError` and `RenamedTooEarlyError`.
    """
    unit, present = _standing(session, key), _present_name(session, key)
    if _end_of(session, into) == key:
        raise MergedIntoItselfError(unit=into)
    if present.since is not None and on <= present.since:
        raise RenamedTooEarlyError(given=on, after=present.since)
    unit.merged_into, unit.merged_on = into, on
    present.until = on - _DAY
    session.add_all((unit, present))
    content = {"into": into, "on": on.isoformat()}
    trail.append(session, at=at, actor=actor, action="unit.merged", subject=key, content=content)
    note_change(session)
    return unit


def find_unit(session: Session, given: str, *, today: date) -> Unit:
    """Return the unit of a key, or of a name that it bears on a day.

    Raises `UnitUnknownError` and `UnitNameSharedError`.
    """
    if unit := session.get(Unit, given):
        return unit
    found = [borne.unit for borne in read_directory(session).bearers(given) if borne.on(today)]
    if not found:
        raise UnitUnknownError(given=given)
    if len(found) > 1:
        raise UnitNameSharedError(given=given, units=found)
    return session.get_one(Unit, found[0])


def read_directory(session: Session) -> Directory:
    """Read all units, with their names and what has become of them."""
    names: dict[str, list[Borne]] = {}
    for row in session.exec(select(UnitName)):
        borne = Borne(row.unit, row.name, row.since or date.min, row.until or date.max)
        names.setdefault(row.unit, []).append(borne)
    bodies = [
        Body(unit.key, unit.jurisdiction, tuple(names[unit.key]), unit.merged_into, unit.merged_on)
        for unit in session.exec(select(Unit))
    ]
    at_work = col(Account.disabled_at).is_(None)
    offices = session.exec(select(Account.unit).where(Account.role == Role.LEGAL_OFFICE, at_work).distinct())
    return Directory(session.get_one(DirectoryState, 1).version, bodies, legal_offices=offices)


def local_day(at: datetime) -> date:
    """Return the day in Asia/Shanghai of a time."""
    return at.astimezone(LOCAL).date()


def note_change(session: Session) -> None:
    """Note that units, or who decides in them, have changed: what processes remember of them is then read anew."""
    session.execute(update(DirectoryState).values(version=DirectoryState.version + 1))


def name_of(given: str) -> str:
    """Return a name as it is kept, without spaces around it; raises `NameNotBorneError`."""
    name = given.strip()
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise NameNotBorneError(given=given)
    return name


def _standing(session: Session, key: str) -> Unit:
    unit = session.get(Unit, key)
    if unit is None:
        raise UnitUnknownError(given=key)
    if unit.merged_into:
        raise MergedAlreadyError(unit=key)
    return unit


def _present_name(session: Session, key: str) -> UnitName:
    return session.exec(select(UnitName).where(UnitName.unit == key, col(UnitName.until).is_(None))).one()


def _end_of(session: Session, key: str) -> str:
    """Return into what a unit has been merged or will be, at last; itself if into nothing."""
    unit = session.get(Unit, key)
    if unit is None:
        raise UnitUnknownError(given=key)
    return _end_of(session, unit.merged_into) if unit.merged_into else key


def _refuse_taken(
    directory: Directory, borne: Borne, *, jurisdiction: str, tree: JurisdictionTree, today: date
) -> None:
    for other in directory.bearers(borne.name):
        place = directory.bodies[other.unit].jurisdiction
        if other.unit != borne.unit and other.meets(borne) and _in_line(place, jurisdiction, tree, today):
            raise NameTakenError(name=borne.name, unit=other.unit, jurisdiction=place)


def _in_line(one: str, other: str, tree: JurisdictionTree, today: date) -> bool:
    day = epoch_day(today)
    return one == other or one in tree.ancestors(other, day) or other in tree.ancestors(one, day)
