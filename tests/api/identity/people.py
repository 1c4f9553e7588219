"""Units and accounts for the tests of logging in."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from api.identity.accounts import MadeAccount, NewAccount, create_account
from api.identity.roles import Role
from api.identity.tables import Unit, UnitName
from api.store.database import Database
from api.store.keys import new_key

AT = datetime(2026, 6, 30, 1, tzinfo=UTC)
HOURS = timedelta(hours=72)


def a_unit(session: Session, name: str = "水务局", place: str = "CN-C-1") -> str:
    unit = Unit(key=new_key(), jurisdiction=place, created_at=AT)
    session.add(unit)
    session.flush()
    session.add(UnitName(key=new_key(), unit=unit.key, name=name))
    return unit.key


def an_account(
    database: Database,
    login: str = "wang",
    role: Role = Role.DEPARTMENT,
    *,
    unit: str | None = None,
    one_time: timedelta | None = HOURS,
) -> MadeAccount:
    with database.writing() as session:
        key = unit or a_unit(session, name=f"{login}的单位")
        new = NewAccount(login=login, name=f"{login} (made up)", role=role, unit=key)
        return create_account(session, new, one_time=one_time, at=AT, actor="tester")
