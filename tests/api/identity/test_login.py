from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from api.identity.accounts import change_account, disable_account, reset_password
from api.identity.authentication import Proof, bearer_of, note, recognise
from api.identity.callers import Caller
from api.identity.errors import LoginFailedError, NotAuthenticatedError, TooManyTriesError
from api.identity.login import LoggedIn, change_password, log_in, log_out
from api.identity.operations import Scope
from api.identity.passwords import PasswordWeakError
from api.identity.roles import Role
from api.identity.sessions import SessionUnknownError, end_session, sessions_of
from api.identity.tables import ApiToken, LoginTry, PersonSession
from api.identity.tokens import (
    NewToken,
    NoScopeError,
    TokenTooLongError,
    TokenUnknownError,
    issue_token,
    revoke_token,
    tokens_of,
)
from api.identity.units import merge_unit
from api.settings import ServiceSettings
from api.store.database import Database
from api.store.tables import TrailEntry
from tests.api.identity.people import AT, HOURS, a_unit, an_account

SETTINGS = ServiceSettings(session_hours=12, session_idle_minutes=60, login_tries=3)
IDLE = timedelta(minutes=60)
NEW = "correct horse battery"


def enter(database: Database, password: str | None, *, login: str = "wang", at: datetime = AT) -> LoggedIn:
    assert password is not None
    return log_in(database, login=login, password=password, address="192.0.2.1", settings=SETTINGS, at=at)


def known(database: Database, secret: str, *, at: datetime = AT) -> Caller:
    return recognise(database, Proof(secret, is_token=False), idle=IDLE, at=at).caller


def change(database: Database, caller: Caller, old: str | None, new: str = NEW, *, at: datetime = AT) -> None:
    assert old is not None
    change_password(database, caller, old=old, new=new, address="192.0.2.1", settings=SETTINGS, at=at)


def a_token(database: Database, account: str, *scopes: Scope, days: int = 30) -> str:
    with database.writing() as session:
        new = NewToken("a machine", scopes or (Scope.READ,), days)
        return issue_token(session, account, new, most_days=366, at=AT, actor=account).secret


def test_who_knows_login_and_password_gets_a_session(database: Database) -> None:
    made = an_account(database)
    entered = enter(database, made.password, login=" WANG ")
    caller = known(database, entered.begun.secret)
    assert caller == entered.caller
    assert (caller.account, caller.role, caller.unit_name) == (made.account.key, Role.DEPARTMENT, "wang的单位")
    assert (caller.jurisdiction, caller.scopes, caller.must_change_password) == ("CN-C-1", None, True)
    with database.reading() as session:
        entry = session.exec(select(TrailEntry).where(TrailEntry.action == "login")).one()
        assert session.exec(select(LoginTry)).all() == []
    assert (entry.actor, entry.content) == (made.account.key, {"by": "password"})


@pytest.mark.parametrize(("login", "password"), [("wang", "not the password"), ("li", "any password"), ("a b", "any")])
def test_what_is_wrong_with_a_login_is_not_told(database: Database, login: str, password: str) -> None:
    an_account(database)
    with pytest.raises(LoginFailedError) as refused:
        enter(database, password, login=login)
    assert str(refused.value) == str(LoginFailedError())


def test_a_disabled_account_and_one_without_a_password_are_not_let_in(database: Database) -> None:
    made = an_account(database)
    an_account(database, "machine", one_time=None)
    with database.writing() as session:
        disable_account(session, made.account.key, at=AT, actor="tester")
    with pytest.raises(LoginFailedError):
        enter(database, made.password)
    with pytest.raises(LoginFailedError):
        enter(database, "anything at all", login="machine")


def test_a_one_time_password_ends(database: Database) -> None:
    made = an_account(database)
    enter(database, made.password, at=AT + HOURS - timedelta(seconds=1))
    with pytest.raises(LoginFailedError):
        enter(database, made.password, at=AT + HOURS)


def test_after_too_many_failures_even_the_right_password_has_to_wait(database: Database) -> None:
    made = an_account(database)
    for _ in range(3):
        with pytest.raises(LoginFailedError):
            enter(database, "not the password")
    with pytest.raises(TooManyTriesError):
        enter(database, made.password)
    enter(database, made.password, at=AT + timedelta(minutes=15))


def test_a_session_ends_when_it_is_not_used_and_at_the_latest_after_its_hours(database: Database) -> None:
    secret = enter(database, an_account(database).password).begun.secret
    at = AT
    with pytest.raises(NotAuthenticatedError):
        known(database, secret, at=AT + IDLE)
    while (at := at + timedelta(minutes=59)) < AT + timedelta(hours=12):
        found = recognise(database, Proof(secret, is_token=False), idle=IDLE, at=at)
        note(database, found, at=at)
    with pytest.raises(NotAuthenticatedError):
        known(database, secret, at=AT + timedelta(hours=12))


def test_that_a_session_was_seen_is_noted_once_a_minute(database: Database) -> None:
    secret = enter(database, an_account(database).password).begun.secret
    proof = Proof(secret, is_token=False)
    assert recognise(database, proof, idle=IDLE, at=AT + timedelta(seconds=59)).seen is None
    found = recognise(database, proof, idle=IDLE, at=AT + timedelta(seconds=60))
    note(database, found, at=AT + timedelta(seconds=60))
    assert recognise(database, proof, idle=IDLE, at=AT + timedelta(seconds=61)).seen is None


def test_logging_out_ends_the_session(database: Database) -> None:
    entered = enter(database, an_account(database).password)
    log_out(database, entered.caller)
    with pytest.raises(NotAuthenticatedError):
        known(database, entered.begun.secret)


def test_a_session_is_ended_by_whose_it_is_only(database: Database) -> None:
    mine = enter(database, an_account(database).password)
    others = enter(database, an_account(database, "li").password, login="li")
    with database.writing() as session:
        with pytest.raises(SessionUnknownError):
            end_session(session, others.begun.session.key, account=mine.caller.account)
        with pytest.raises(SessionUnknownError):
            end_session(session, "nope", account=mine.caller.account)
        end_session(session, mine.begun.session.key, account=mine.caller.account)
        assert sessions_of(session, mine.caller.account, idle=IDLE, at=AT) == ()


def test_the_secrets_themselves_stand_nowhere(database: Database) -> None:
    made = an_account(database)
    secret, token = enter(database, made.password).begun.secret, a_token(database, made.account.key)
    with database.reading() as session:
        rows = [
            *session.exec(select(PersonSession)),
            *session.exec(select(ApiToken)),
            *session.exec(select(TrailEntry)),
        ]
        said = " ".join(str(vars(row)) for row in rows)
    assert made.password is not None
    assert secret not in said
    assert token not in said
    assert made.password not in said


def test_ended_sessions_are_removed_when_another_begins(database: Database) -> None:
    made = an_account(database)
    enter(database, made.password)
    enter(database, made.password, at=AT + timedelta(hours=13))
    with database.reading() as session:
        assert len(session.exec(select(PersonSession)).all()) == 1


def test_a_new_password_takes_the_place_of_the_one_time_password_and_ends_other_sessions(database: Database) -> None:
    made = an_account(database)
    other, mine = enter(database, made.password), enter(database, made.password)
    change(database, mine.caller, made.password)
    assert not known(database, mine.begun.secret).must_change_password
    with pytest.raises(NotAuthenticatedError):
        known(database, other.begun.secret)
    with pytest.raises(LoginFailedError):
        enter(database, made.password)
    enter(database, NEW, at=AT + 2 * HOURS)


def test_a_password_is_changed_by_who_knows_it_into_a_good_one(database: Database) -> None:
    made = an_account(database)
    caller = enter(database, made.password).caller
    with pytest.raises(PasswordWeakError):
        change(database, caller, made.password, "short")
    with pytest.raises(PasswordWeakError):
        change(database, caller, made.password, made.password or "")
    for _ in range(3):
        with pytest.raises(LoginFailedError):
            change(database, caller, "not the password")
    with pytest.raises(TooManyTriesError):
        change(database, caller, made.password)


def test_a_reset_lets_nobody_go_on(database: Database) -> None:
    made = an_account(database)
    entered, token = enter(database, made.password), a_token(database, made.account.key)
    change(database, entered.caller, made.password)
    with database.writing() as session:
        again = reset_password(session, made.account.key, one_time=HOURS, at=AT, actor="tester")
    with pytest.raises(NotAuthenticatedError):
        known(database, entered.begun.secret)
    assert recognise(database, bearer_of(f"Bearer {token}"), idle=IDLE, at=AT).caller.must_change_password
    assert enter(database, again.password).caller.must_change_password


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer nope", "Basic ZGM6ZGM=", "dc_x", "Bearer dc_nope"])
def test_a_header_that_is_no_token_of_ours_lets_nobody_in(database: Database, header: str) -> None:
    with pytest.raises(NotAuthenticatedError):
        recognise(database, bearer_of(header), idle=IDLE, at=AT)


def test_a_token_acts_for_its_account_within_its_scopes(database: Database) -> None:
    made = an_account(database, one_time=None)
    token = a_token(database, made.account.key, Scope.WRITE, Scope.READ)
    assert token.startswith("dc_")
    found = recognise(database, bearer_of(f"bearer {token}"), idle=IDLE, at=AT)
    assert found.caller.account == made.account.key
    assert found.caller.scopes == frozenset({Scope.READ, Scope.WRITE})
    assert found.caller.session is None


def refused_token(database: Database, token: str, *, at: datetime = AT) -> bool:
    try:
        recognise(database, bearer_of(f"Bearer {token}"), idle=IDLE, at=at)
    except NotAuthenticatedError:
        return True
    return False


def test_a_token_ends_on_its_day(database: Database) -> None:
    token = a_token(database, an_account(database, one_time=None).account.key, days=1)
    assert not refused_token(database, token, at=AT + timedelta(hours=23))
    assert refused_token(database, token, at=AT + timedelta(days=1))


def test_a_token_ends_when_it_is_revoked(database: Database) -> None:
    made = an_account(database, one_time=None)
    token = a_token(database, made.account.key)
    with database.writing() as session:
        (row,) = tokens_of(session, made.account.key)
        revoke_token(session, row.key, at=AT, actor="tester")
    assert refused_token(database, token)


def test_a_token_ends_with_its_account(database: Database) -> None:
    made = an_account(database, one_time=None)
    token = a_token(database, made.account.key)
    with database.writing() as session:
        disable_account(session, made.account.key, at=AT, actor="tester")
    assert refused_token(database, token)


def test_what_another_process_ends_lets_nobody_in_from_that_moment_on(database: Database, database_url: str) -> None:
    made = an_account(database)
    token, entered = a_token(database, made.account.key), enter(database, made.password)
    other = Database(database_url)
    for _ in range(2):
        assert not refused_token(database, token)
        assert known(database, entered.begun.secret).role is Role.DEPARTMENT
    with other.writing() as session:
        change_account(session, made.account.key, role=Role.AUDITOR, at=AT, actor="tester")
    assert known(database, entered.begun.secret).role is Role.AUDITOR
    with other.writing() as session:
        revoke_token(session, tokens_of(session)[0].key, at=AT, actor="tester")
        end_session(session, entered.begun.session.key, account=made.account.key)
    assert refused_token(database, token)
    with pytest.raises(NotAuthenticatedError):
        known(database, entered.begun.secret)
    other.close()


def test_the_secret_of_a_session_is_no_token(database: Database) -> None:
    entered = enter(database, an_account(database).password)
    known(database, entered.begun.secret)
    with pytest.raises(NotAuthenticatedError):
        recognise(database, Proof(entered.begun.secret, is_token=True), idle=IDLE, at=AT)


def test_on_which_day_a_token_was_used_is_noted_once_a_day(database: Database) -> None:
    made = an_account(database, one_time=None)
    proof = bearer_of(f"Bearer {a_token(database, made.account.key)}")
    found = recognise(database, proof, idle=IDLE, at=AT)
    note(database, found, at=AT)
    assert recognise(database, proof, idle=IDLE, at=AT).used is None
    assert recognise(database, proof, idle=IDLE, at=AT + timedelta(days=1)).used is not None


def test_tokens_have_scopes_and_an_end_and_are_revoked_once(database: Database) -> None:
    mine, others = an_account(database).account.key, an_account(database, "li").account.key
    with database.writing() as session:
        with pytest.raises(NoScopeError):
            issue_token(session, mine, NewToken("", (), 1), most_days=366, at=AT, actor=mine)
        for days in (0, 367):
            with pytest.raises(TokenTooLongError):
                issue_token(session, mine, NewToken("", (Scope.READ,), days), most_days=366, at=AT, actor=mine)
        token = issue_token(session, mine, NewToken("", (Scope.READ,), 366), most_days=366, at=AT, actor=mine).token
        with pytest.raises(TokenUnknownError):
            revoke_token(session, token.key, account=others, at=AT, actor=others)
        for at in (AT, AT + HOURS):
            assert revoke_token(session, token.key, account=mine, at=at, actor=mine).revoked_at == AT
        entries = session.exec(select(TrailEntry.action).where(TrailEntry.subject == token.key)).all()
    assert sorted(entries) == ["token.issued", "token.revoked"]


def test_a_changed_role_holds_from_the_next_request_on(database: Database) -> None:
    made = an_account(database)
    secret = enter(database, made.password).begun.secret
    assert known(database, secret).role is Role.DEPARTMENT
    with database.writing() as session:
        change_account(session, made.account.key, role=Role.AUDITOR, at=AT, actor="tester")
    assert known(database, secret).role is Role.AUDITOR


def test_an_account_of_a_merged_unit_acts_for_what_it_was_merged_into(database: Database) -> None:
    made = an_account(database)
    secret = enter(database, made.password).begun.secret
    with database.writing() as session:
        other = a_unit(session, "水务和海洋局", "CN-C")
        merge_unit(session, made.account.unit, into=other, on=AT.date() + timedelta(days=1), at=AT, actor="tester")
    assert known(database, secret).unit == made.account.unit
    token = a_token(database, made.account.key)
    tomorrow = recognise(database, bearer_of(f"Bearer {token}"), idle=IDLE, at=AT + timedelta(days=1)).caller
    assert (tomorrow.unit, tomorrow.unit_name, tomorrow.jurisdiction) == (other, "水务和海洋局", "CN-C")
