"""What auditors read: a log of its own, apart from the trail of what was done."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from api.store.conditions import older
from api.store.keys import new_key
from api.store.tables import ReadLog


def log_read(session: Session, *, at: datetime, account: str, path: str, request: str) -> None:
    """Note that an account read a path (without its query, which may name people), by the request of an id."""
    session.add(ReadLog(key=new_key(), at=at, account=account, path=path, request=request))


def reads(
    session: Session,
    *,
    account: str | None = None,
    since: datetime | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> Sequence[ReadLog]:
    """Return what was read, by everybody or by one account, since the beginning or a time (included).

    The newest first, from behind a position on.
    """
    at, key = col(ReadLog.at), col(ReadLog.key)
    wanted = select(ReadLog).order_by(at.desc(), key.desc())
    if account is not None:
        wanted = wanted.where(ReadLog.account == account)
    if since is not None:
        wanted = wanted.where(at >= since)
    if after is not None:
        wanted = wanted.where(older(at, key, than=after))
    return session.exec(wanted if limit is None else wanted.limit(limit)).all()
