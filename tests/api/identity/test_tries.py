from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from api.identity.errors import TooManyTriesError
from api.identity.tables import LoginTry
from api.identity.tries import TryLimits, begin_try, take_back
from api.store.database import Database
from tests.api.identity.people import AT

LIMITS = TryLimits(for_account=3, for_address=5, within=timedelta(minutes=15))


def fail(database: Database, login: str, address: str = "192.0.2.1", *, after: timedelta = timedelta()) -> str:
    with database.writing() as session:
        return begin_try(session, login=login, address=address, limits=LIMITS, at=AT + after)


def test_an_account_bears_some_failures_from_wherever(database: Database) -> None:
    for number in range(3):
        fail(database, "wang", f"192.0.2.{number}")
    with pytest.raises(TooManyTriesError) as refused:
        fail(database, "wang", "198.51.100.7", after=timedelta(minutes=5))
    assert refused.value.seconds == 600
    fail(database, "li", "192.0.2.1")


def test_an_address_bears_some_failures_for_whatever_accounts(database: Database) -> None:
    for number in range(5):
        fail(database, f"account-{number}")
    with pytest.raises(TooManyTriesError):
        fail(database, "another")
    fail(database, "another", "192.0.2.2")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("-", "-", True),
    ],
)
def test_an_ipv6_address_is_counted_by_the_half_that_a_sender_cannot_choose(
    database: Database, one: str, other: str, *, same: bool
) -> None:
    for number in range(5):
        fail(database, f"account-{number}", one)
    if not same:
        fail(database, "another", other)
        return
    with pytest.raises(TooManyTriesError):
        fail(database, "another", other)


def test_failures_count_for_a_time(database: Database) -> None:
    for minutes in range(3):
        fail(database, "wang", after=timedelta(minutes=minutes))
    with pytest.raises(TooManyTriesError):
        fail(database, "wang", after=timedelta(minutes=14))
    fail(database, "wang", after=timedelta(minutes=15))
    with pytest.raises(TooManyTriesError):
        fail(database, "wang", after=timedelta(minutes=15, seconds=1))
    with database.reading() as session:
        assert len(session.exec(select(LoginTry)).all()) == 6


def test_a_success_takes_itself_back_and_forgives_the_account_only(database: Database) -> None:
    for _ in range(2):
        fail(database, "wang")
    attempt = fail(database, "wang")
    with database.writing() as session:
        take_back(session, attempt, login="wang")
    for number in range(3):
        fail(database, "wang" if number else "li")
    with pytest.raises(TooManyTriesError):
        fail(database, "zhao")


def test_neither_login_nor_address_stands_in_the_table(database: Database) -> None:
    fail(database, "wang", "192.0.2.1")
    with database.reading() as session:
        rows = session.exec(select(LoginTry)).all()
    assert all("wang" not in row.bucket and "192" not in row.bucket[:6] and len(row.bucket) == 64 for row in rows)


def test_many_at_the_same_time_are_no_way_around(database: Database) -> None:
    def refused(number: int) -> bool:
        try:
            fail(database, "wang", f"192.0.2.{number}")
        except TooManyTriesError:
            return True
        return False

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(refused, range(20)))
    assert outcomes.count(False) == 3
