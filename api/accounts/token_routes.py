"""One's own tokens over HTTP: who has logged in issues them; a token issues none."""

from typing import Annotated, Final

from fastapi import Depends
from starlette.responses import Response

from api.accounts.models import IssuedTokenOut, TokenIn, Tokens
from api.accounts.service import token_told
from api.clock import now
from api.context import Service, ServiceDep
from api.edge.answers import created, done, found
from api.edge.routing import PREFIX, noun_router
from api.identity.callers import Caller
from api.identity.dependencies import allowed
from api.identity.operations import Operation
from api.identity.tokens import NewToken, issue_token, revoke_token, tokens_of

router: Final = noun_router("/tokens", tag="tokens")


@router.get("", response_model=Tokens)
def list_own_tokens(
    service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.OWN_TOKEN_LIST))]
) -> Response:
    """List one's own tokens."""
    with service.database.reading() as session:
        rows = tokens_of(session, caller.account)
    return found(Tokens(items=tuple(token_told(row) for row in rows))).response()


@router.post("", status_code=201, response_model=IssuedTokenOut)
def issue_own_token(
    service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.OWN_TOKEN_ISSUE))], new: TokenIn
) -> Response:
    """Issue a token that acts for oneself; it is told this once."""
    return issued(service, caller.account, new, location=f"{PREFIX}/tokens", actor=caller.account)


@router.delete("/{key}", status_code=204)
def revoke_own_token(
    key: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.OWN_TOKEN_REVOKE))]
) -> Response:
    """Let one of one's own tokens not be used any more."""
    with service.database.writing() as session:
        revoke_token(session, key, account=caller.account, at=now(), actor=caller.account)
    return done().response()


def issued(service: Service, account: str, new: TokenIn, *, location: str, actor: str) -> Response:
    """Issue a token, and tell it. It goes into no answer that is kept."""
    asked, most = NewToken(label=new.label, scopes=new.scopes, days=new.days), service.settings.token_days
    with service.database.writing() as session:
        made = issue_token(session, account, asked, most_days=most, at=now(), actor=actor)
        told = IssuedTokenOut(token=token_told(made.token), secret=made.secret)
    return created(told, location=location).response()
