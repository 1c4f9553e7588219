"""Drafts are an account's own: kept as typed, forgotten once saved, gone with the account, and never in the trail."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from api.drafts import service as drafts
from api.drafts.errors import DraftTooLargeError, TooManyDraftsError
from api.identity.accounts import erase_account
from api.store import trail
from api.store.database import Database
from tests.api.identity.people import an_account

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
FORM = "facts"


def keep(session: Session, own: str, text: str, *, form: str = FORM) -> None:
    drafts.keep(session, account=own, record=drafts.NEW, form=form, content={"title.zh": [text]}, at=AT)


def test_a_draft_is_kept_as_typed_replaced_by_the_next_and_forgotten(database: Database) -> None:
    own = an_account(database, "a").account.key
    with database.writing() as session:
        before = trail.head(session)
        keep(session, own, "<script>")
        keep(session, own, "二")
        found = drafts.kept(session, account=own, record=drafts.NEW, form=FORM)
        assert found
        assert found.content == {"title.zh": ["二"]}
        drafts.forget(session, account=own, record=drafts.NEW, form=FORM)
        session.expire_all()
        assert drafts.own(session, account=own) == []
        assert trail.head(session) == before


def test_nobody_has_the_draft_of_another(database: Database) -> None:
    own, other = (an_account(database, login).account.key for login in "ab")
    with database.writing() as session:
        keep(session, own, "一")
        assert drafts.kept(session, account=other, record=drafts.NEW, form=FORM) is None
        drafts.forget(session, account=other, record=drafts.NEW, form=FORM)
        assert len(drafts.own(session, account=own)) == 1


def test_drafts_are_gone_with_the_account(database: Database) -> None:
    own = an_account(database, "a").account.key
    with database.writing() as session:
        keep(session, own, "一")
        erase_account(session, own, at=AT, actor="t")
        session.expire_all()
        assert drafts.own(session, account=own) == []


def test_no_more_is_kept_than_may_be(database: Database) -> None:
    own = an_account(database, "a").account.key
    with database.writing() as session:
        with pytest.raises(DraftTooLargeError):
            keep(session, own, "长" * drafts.LONGEST)
        for number in range(drafts.MOST):
            keep(session, own, "一", form=str(number))
        with pytest.raises(TooManyDraftsError):
            keep(session, own, "一", form="one more")
