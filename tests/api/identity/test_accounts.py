from datetime import timedelta

import pytest
from sqlmodel import Session, select

from api.identity import passwords
from api.identity.accounts import (
    AccountErasedError,
    AccountUnknownError,
    LastAdminError,
    LinkTakenError,
    LoginTakenError,
    NewAccount,
    NotALoginError,
    account_of,
    change_account,
    create_account,
    disable_account,
    enable_account,
    erase_account,
    find_account,
    first_admin,
    link_account,
    reset_password,
    unlink_account,
)
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.sessions import begin_session, sessions_of
from api.identity.tables import Account, ApiToken, OidcLink, PersonSession
from api.identity.tokens import NewToken, issue_token
from api.identity.units import UnitUnknownError, read_directory
from api.store.database import Database
from api.store.tables import TrailEntry
from tests.api.identity.people import AT, HOURS, a_unit, an_account

ISSUER = "https://id.example.gov.cn"


def actions(session: Session) -> list[str]:
    return [entry.action for entry in session.exec(select(TrailEntry).order_by(TrailEntry.number))]  # type: ignore[arg-type]


def test_an_account_begins_with_a_one_time_password_that_must_be_changed(database: Database) -> None:
    made = an_account(database)
    assert made.password is not None
    assert passwords.verify(made.password, made.account.password)
    assert made.account.must_change_password
    assert made.account.password_ends == AT + HOURS


def test_a_machines_account_has_no_password(database: Database) -> None:
    made = an_account(database, one_time=None)
    assert made.password is None
    assert made.account.password is None
    assert not made.account.must_change_password


@pytest.mark.parametrize("again", ["wang", "WANG", " Wang ", "ｗａｎｇ"])
def test_a_login_is_one_however_it_is_typed(database: Database, again: str) -> None:
    made = an_account(database)
    with database.reading() as session:
        assert find_account(session, again).key == made.account.key
    with pytest.raises(LoginTakenError):
        an_account(database, again)


@pytest.mark.parametrize("login", ["", "  ", "a b", "x" * 101, "a\x00b", "a\u200bb"])
def test_a_login_is_one_word_of_some_length(database: Database, login: str) -> None:
    with pytest.raises(NotALoginError):
        an_account(database, login)


def test_an_account_belongs_to_a_unit_that_there_is(database: Database) -> None:
    with pytest.raises(UnitUnknownError):
        an_account(database, unit="nope")


def test_changing_role_and_unit_tells_processes_to_read_the_units_anew(database: Database) -> None:
    made = an_account(database)
    with database.writing() as session:
        before = read_directory(session)
        other = a_unit(session, "司法局")
        changed = change_account(
            session, made.account.key, name=None, role=Role.LEGAL_OFFICE, unit=other, at=AT, actor="tester"
        )
        after = read_directory(session)
    assert (changed.role, changed.unit, changed.name) == (Role.LEGAL_OFFICE, other, "wang (made up)")
    assert after.version > before.version
    assert (before.legal_offices, after.legal_offices) == (frozenset(), frozenset({other}))


def test_disabling_ends_sessions_and_enabling_does_not_bring_them_back(database: Database) -> None:
    key = an_account(database).account.key
    with database.writing() as session:
        begin_session(session, key, lasts=HOURS, at=AT)
        disable_account(session, key, at=AT, actor="tester")
        enable_account(session, key, at=AT, actor="tester")
        assert sessions_of(session, key, idle=HOURS, at=AT) == ()
        assert account_of(session, key).disabled_at is None


def test_the_last_admin_cannot_be_taken_away(database: Database) -> None:
    key = an_account(database, "root", Role.ADMIN).account.key
    with database.writing() as session:
        for take_away in (disable_account, erase_account):
            with pytest.raises(LastAdminError):
                take_away(session, key, at=AT, actor="tester")
        with pytest.raises(LastAdminError):
            change_account(session, key, role=Role.AUDITOR, at=AT, actor="tester")
    other = an_account(database, "other", Role.ADMIN).account.key
    with database.writing() as session:
        disable_account(session, key, at=AT, actor="tester")
        with pytest.raises(LastAdminError):
            disable_account(session, other, at=AT, actor="tester")


def test_erasing_leaves_the_key_and_nothing_personal(database: Database) -> None:
    key = an_account(database).account.key
    with database.writing() as session:
        begin_session(session, key, lasts=HOURS, at=AT)
        issue_token(session, key, NewToken("王的电脑", (Scope.READ,), 30), most_days=366, at=AT, actor=key)
        link_account(session, key, issuer=ISSUER, subject="wang@example", at=AT, actor="tester")
        erase_account(session, key, at=AT, actor="tester")
    with database.reading() as session:
        account = account_of(session, key)
        assert (account.login, account.name, account.password, account.erased_at) == (None, None, None, AT)
        assert account.disabled_at == AT
        assert session.exec(select(OidcLink)).all() == []
        assert session.exec(select(PersonSession)).all() == []
        token = session.exec(select(ApiToken)).one()
        assert (token.label, token.revoked_at) == (None, AT)
        said = " ".join(f"{entry.subject} {entry.actor} {entry.content}" for entry in session.exec(select(TrailEntry)))
    assert "wang" not in said
    assert "王" not in said.replace("wang的单位", "")


def test_an_erased_account_is_not_used_again(database: Database) -> None:
    key = an_account(database).account.key
    with database.writing() as session:
        erase_account(session, key, at=AT, actor="tester")
        erase_account(session, key, at=AT, actor="tester")
        with pytest.raises(AccountErasedError):
            enable_account(session, key, at=AT, actor="tester")
        with pytest.raises(AccountErasedError):
            reset_password(session, key, one_time=HOURS, at=AT, actor="tester")
        with pytest.raises(AccountErasedError):
            issue_token(session, key, NewToken("", (Scope.READ,), 1), most_days=366, at=AT, actor="tester")
        with pytest.raises(AccountErasedError):
            link_account(session, key, issuer=ISSUER, subject="wang", at=AT, actor="tester")
        assert actions(session).count("account.erased") == 1
    an_account(database, "wang")


def test_a_reset_gives_another_one_time_password_and_ends_sessions(database: Database) -> None:
    first = an_account(database)
    with database.writing() as session:
        begin_session(session, first.account.key, lasts=HOURS, at=AT)
        second = reset_password(session, first.account.key, one_time=timedelta(hours=1), at=AT + HOURS, actor="tester")
        assert session.exec(select(PersonSession)).all() == []
    assert second.password != first.password
    assert second.account.password_ends == AT + HOURS + timedelta(hours=1)


def test_a_subject_at_a_provider_is_one_account(database: Database) -> None:
    one, other = an_account(database, "one").account.key, an_account(database, "other").account.key
    with database.writing() as session:
        link_account(session, one, issuer=ISSUER, subject="s", at=AT, actor="tester")
        link_account(session, other, issuer="https://elsewhere.example", subject="s", at=AT, actor="tester")
        with pytest.raises(LinkTakenError):
            link_account(session, other, issuer=ISSUER, subject="s", at=AT, actor="tester")
        unlink_account(session, one, at=AT, actor="tester")
        link_account(session, other, issuer=ISSUER, subject="s", at=AT, actor="tester")


def test_the_first_start_makes_one_admin(database: Database) -> None:
    with database.writing() as session:
        password = first_admin(session, one_time=HOURS, at=AT)
    with database.writing() as session:
        assert first_admin(session, one_time=HOURS, at=AT) is None
        account = session.exec(select(Account)).one()
    assert password is not None
    assert passwords.verify(password, account.password)
    assert (account.login, account.role, account.must_change_password) == ("admin", Role.ADMIN, True)


def test_every_change_of_an_account_stands_in_the_trail(database: Database) -> None:
    an_account(database, "root", Role.ADMIN)
    key = an_account(database).account.key
    with database.writing() as session:
        begin = len(actions(session))
        change_account(session, key, name="x", at=AT, actor="tester")
        reset_password(session, key, one_time=HOURS, at=AT, actor="tester")
        disable_account(session, key, at=AT, actor="tester")
        disable_account(session, key, at=AT, actor="tester")
        enable_account(session, key, at=AT, actor="tester")
        link_account(session, key, issuer=ISSUER, subject="s", at=AT, actor="tester")
        unlink_account(session, key, at=AT, actor="tester")
        erase_account(session, key, at=AT, actor="tester")
        done = actions(session)[begin:]
    assert [action.removeprefix("account.") for action in done] == [
        "changed",
        "password_reset",
        "disabled",
        "enabled",
        "linked",
        "unlinked",
        "disabled",
        "erased",
    ]


def test_an_unknown_account_is_refused(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(AccountUnknownError):
            account_of(session, "nope")
        with pytest.raises(AccountUnknownError):
            find_account(session, "nope")
        new = NewAccount(login="a", name="a", role=Role.AUDITOR, unit="nope")
        with pytest.raises(UnitUnknownError):
            create_account(session, new, one_time=None, at=AT, actor="tester")
