"""Answers kept for requests with an Idempotency-Key: the same request again gets the same answer, and does nothing.

Decides how they are kept and for how long. What counts as the same request, and what is answered to another one with
the same key, the HTTP edge decides.
"""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from api.store.tables import KeptAnswer


def kept_answer(session: Session, *, account: str, key: str) -> KeptAnswer | None:
    """Return the answer that an account was given to a request with this key, if any.

    Ask in the same `writing()` in which the request does its work: then of two at the same time only one works.
    """
    return session.get(KeptAnswer, (account, key))


def keep_answer(session: Session, answer: KeptAnswer) -> None:
    """Keep an answer, in the transaction of what it answers."""
    session.add(answer)


def forget_answers(session: Session, *, before: datetime) -> None:
    """Remove the answers given before a time."""
    session.execute(delete(KeptAnswer).where(col(KeptAnswer.at) < before))
