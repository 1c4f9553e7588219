"""Drafts are kept, read and forgotten by whom they belong to; none of it goes into the trail.

Whether somebody may fill in a form at all, whoever shows it has looked at.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from api.drafts.errors import DraftTooLargeError, TooManyDraftsError
from api.drafts.tables import Draft

NEW: Final = ""
"""Stands for a record that is not there yet."""
MOST: Final = 100
"""So many drafts an account may keep."""
LONGEST: Final = 200_000
"""So many characters a draft may have."""

Content = Mapping[str, Sequence[str]]


def kept(session: Session, *, account: str, record: str, form: str) -> Draft | None:
    """Return the draft of a form, None without one."""
    return session.get(Draft, (account, record, form))


def own(session: Session, *, account: str) -> Sequence[Draft]:
    """Return the drafts of an account, the newest first."""
    return session.exec(select(Draft).where(Draft.account == account).order_by(col(Draft.at).desc())).all()


def keep(session: Session, *, account: str, record: str, form: str, content: Content, at: datetime) -> Draft:
    """Keep what was typed, instead of what was kept before. Raises `DraftTooLargeError` and `TooManyDraftsError`."""
    size = sum(len(name) + sum(map(len, texts)) for name, texts in content.items())
    if size > LONGEST:
        raise DraftTooLargeError(given=size, limit=LONGEST)
    row = kept(session, account=account, record=record, form=form)
    if row is None:
        if session.exec(select(func.count()).select_from(Draft).where(Draft.account == account)).one() >= MOST:
            raise TooManyDraftsError(limit=MOST)
        row = Draft(account=account, record=record, form=form, content={}, at=at)
    row.content, row.at = {name: list(texts) for name, texts in content.items()}, at
    session.add(row)
    return row


def forget(session: Session, *, account: str, record: str, form: str) -> None:
    """Remove the draft of a form: it was saved, or is not wanted."""
    own_draft = (Draft.account == account, Draft.record == record, Draft.form == form)
    session.execute(delete(Draft).where(*own_draft))  # type: ignore[arg-type]  # columns, whatever their annotations say
