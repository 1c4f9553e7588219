"""Load the made-up district into an empty store: units, accounts, the matters that its units submit, its catalogue.

What is loaded goes the same way as what people send: each matter is submitted by the unit that leads it, the catalogue
by the general office, and all are judged.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from api.catalogue.keeping import Keeper
from api.clock import now, today
from api.context import Service
from api.demo.models import DemoAccount, District, Somebody
from api.identity import passwords
from api.identity.accounts import OPERATOR, NewAccount, create_account
from api.identity.authentication import caller_for
from api.identity.callers import Caller
from api.identity.reach import Reach, reach
from api.identity.roles import Role
from api.identity.tables import Account
from api.identity.units import add_unit, read_directory
from api.records.clerk import Clerk
from engine.reading.texts import read_texts
from engine.record import DecisionRecord
from engine.record.catalogues import read_catalogues
from engine.record.reading import read_records

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples"
PEOPLE: Final = EXAMPLES / "demo" / "accounts.yaml"
MATTERS: Final = (EXAMPLES / "made-up-district-2025", EXAMPLES / "made-up-under-way-2026")
"""The year's matters, and some that are under way."""
CATALOGUE: Final = EXAMPLES / "demo" / "catalogue-2026.yaml"
"""The catalogue in which those stand that are under way, and others that nobody has begun."""


class DemoMissingError(Exception):
    """The program runs without its folder of examples."""

    def __init__(self) -> None:
        super().__init__(f"given no file {PEOPLE}; expected the folder of examples; run it from the source tree")


class StoreInUseError(Exception):
    """The store holds accounts of others; made-up matters have no business there."""

    def __init__(self) -> None:
        super().__init__(
            "given a store with accounts; expected an empty one for the demo; "
            "name another by DUECOURSE_DATABASE and DUECOURSE_VAR",
        )


@dataclass(frozen=True, slots=True)
class _Made:
    """An account that was made, and its password."""

    account: Account
    password: str


def load_demo(service: Service) -> tuple[DemoAccount, ...]:
    """Load the district; returns the accounts, whose passwords are told once.

    Raises `DemoMissingError` and `StoreInUseError`.
    """
    if not PEOPLE.exists():
        raise DemoMissingError
    (text,), _ = read_texts(PEOPLE)
    district, matters = District.model_validate(text.data), _matters(service)
    with service.database.writing() as session:
        _refuse_used(session)
        units = _make_units(session, service, district, matters)
        made = {one.login: _make_account(session, one, units[one.unit]) for one in district.accounts}
    by_unit = {one.unit: made[one.login].account for one in district.accounts if one.role == Role.DEPARTMENT}
    for matter in matters:
        _submit(service, matter, by_unit[str(matter.lead_unit)])
    keeper = next(made[one.login].account for one in district.accounts if one.role == Role.GENERAL_OFFICE)
    _compile(service, keeper)
    return tuple(_told(one, made[one.login].password) for one in district.accounts)


def is_loaded(session: Session) -> bool:
    """Tell whether the district is there."""
    (text,), _ = read_texts(PEOPLE)
    first = District.model_validate(text.data).accounts[0].login
    return session.exec(select(Account.key).where(Account.login == first)).first() is not None


def _matters(service: Service) -> list[DecisionRecord]:
    rulebook = service.rulebook
    files = [file for folder in MATTERS for file in sorted(folder.glob("*.yaml"))]
    read, _ = read_records(files, procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)
    return [entry.record for entry in read]


def _refuse_used(session: Session) -> None:
    others = select(Account.key).where(col(Account.role) != Role.ADMIN)
    if session.exec(others).first() is not None:
        raise StoreInUseError


def _make_units(
    session: Session, service: Service, district: District, matters: Iterable[DecisionRecord]
) -> Mapping[str, str]:
    """Register the units of all people and all matters; returns their keys by their names."""
    named = [*(one.unit for one in district.accounts), *_named(matters)]
    tree = service.rulebook.tree
    return {
        name: add_unit(session, name=name, jurisdiction=district.jurisdiction, tree=tree, at=now(), actor=OPERATOR).key
        for name in dict.fromkeys(named)
    }


def _named(matters: Iterable[DecisionRecord]) -> Iterator[str]:
    for matter in matters:
        for unit in matter.units:
            yield unit.name


def _make_account(session: Session, somebody: Somebody, unit: str) -> _Made:
    new = NewAccount(login=somebody.login, name=somebody.name, role=somebody.role, unit=unit)
    account = create_account(session, new, one_time=None, at=now(), actor=OPERATOR).account
    password = passwords.one_time()
    account.password = passwords.kept(password)
    session.add(account)
    return _Made(account, password)


def _submit(service: Service, matter: DecisionRecord, account: Account) -> None:
    caller, reached = _as(service, account)
    _, change = Clerk(service.database, service.rulebooks, service.judge, caller, reached).submit(matter)
    with service.database.writing() as session:
        change.write(session)


def _compile(service: Service, account: Account) -> None:
    """Enter the catalogue, after the matters: so that each entry is judged once."""
    caller, reached = _as(service, account)
    keeper = Keeper(service.database, service.rulebooks, service.judge, caller, reached)
    for read in read_catalogues([CATALOGUE], jurisdictions=service.rulebook.tree.ids)[0]:
        change = keeper.compile(read)
        with service.database.writing() as session:
            change.write(session)


def _as(service: Service, account: Account) -> tuple[Caller, Reach]:
    """Return who an account is to the service, and how far it reaches."""
    with service.database.reading() as session:
        caller = caller_for(account, read_directory(session), session=None, at=now())
    return caller, reach(caller, tree=service.rulebook.tree, today=today())


def _told(somebody: Somebody, password: str) -> DemoAccount:
    return DemoAccount(
        login=somebody.login, password=password, role=somebody.role, unit=somebody.unit, what=somebody.name
    )
