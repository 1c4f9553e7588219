"""Idempotency-Key: the same request sent twice is done once, and answered twice with the same answer.

A key belongs to an account and an operation. The answer is kept in the transaction of the work itself, so that there
is never the one without the other. What was refused is not kept: it changed nothing, and may be tried again.
Answers that hold a secret, such as a new token, must not go this way, for they would be kept in the open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Final

from fastapi import Depends, Header, Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import now
from api.edge.answers import Answer
from api.refusals import InvalidError
from api.store.database import Database
from api.store.idempotency import forget_answers, keep_answer, kept_answer
from api.store.tables import KeptAnswer
from api.store.types import digest_of
from engine.vocabulary import Bilingual

LONGEST: Final = 128
REPEATED: Final = "idempotent-replayed"

Work = Callable[[Session], Answer]


class KeyReusedError(InvalidError):
    """A key was used before, for another request."""

    def __init__(self, *, given: str) -> None:
        """Say what a key is for."""
        super().__init__(
            "idempotency_key_reused",
            given=given,
            expected=Bilingual(zh="每个请求各用一个键", en="a key of its own for each request"),
            do=Bilingual(
                zh="重发同一请求时内容不变;新的请求换用新的键",
                en="send the same content again, or use a new key for a new request",
            ),
            field="Idempotency-Key",
        )


@dataclass(frozen=True, slots=True)
class Once:
    """Does the work of one request, once for each key. Without a key, each time that it is asked."""

    database: Database
    operation: str
    key: str | None
    content: str

    def __call__(self, account: str, work: Work, *, content: str | None = None) -> Response:
        """Do the work for an account in one transaction, or give the answer that was kept.

        `content`: what was sent, or a digest of it, where the route has read the body by itself; the address is looked
        at in any case. Raises `KeyReusedError`.
        """
        with self.database.writing() as session:
            sent = digest_of(f"{self.content} {content}") if content else self.content
            answer = work(session) if self.key is None else self._once(session, account, work, sent)
        return answer.response()

    def _once(self, session: Session, account: str, work: Work, content: str) -> Answer:
        key = f"{self.operation} {self.key}"
        kept = kept_answer(session, account=account, key=key)
        if kept is None:
            answer = work(session)
            keep_answer(session, _kept(answer, account=account, key=key, request=content))
            return answer
        if kept.request != content:
            raise KeyReusedError(given=str(self.key))
        return Answer(kept.status, kept.body, kept.headers | {REPEATED: "true"})


def _kept(answer: Answer, *, account: str, key: str, request: str) -> KeptAnswer:
    return KeptAnswer(
        account=account,
        key=key,
        request=request,
        at=now(),
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
    )


def forget(database: Database, *, hours: int) -> None:
    """Remove the answers that are older than some hours."""
    with database.writing() as session:
        forget_answers(session, before=now() - timedelta(hours=hours))


async def _once(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=LONGEST,
            pattern=r"^[\x21-\x7e]+$",
            description="a text that the caller makes up; the same request with the same key is done only once",
        ),
    ] = None,
) -> Once:
    content = ""
    if idempotency_key is not None:
        total = sha256(f"{request.url.path}?{request.url.query}\n".encode())
        total.update(getattr(request, "_body", b""))
        content = total.hexdigest()
    route = request.scope["route"]
    return Once(request.app.state.service.database, f"{request.method} {route.path}", idempotency_key, content)


OnceDep = Annotated[Once, Depends(_once)]
