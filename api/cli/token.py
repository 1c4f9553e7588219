"""`duecourse token`: tokens of machines, for the operator at the server."""

from typing import Annotated

import typer

from api import clock
from api.cli.refusals import print_rows, reading, writing
from api.identity.accounts import OPERATOR, find_account
from api.identity.operations import Scope
from api.identity.tokens import NewToken, issue_token, revoke_token, tokens_of
from api.settings import ServiceSettings

token = typer.Typer(help="Tokens of machines.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="ACCOUNT", help="login or key of the account")]


@token.command()
def issue(
    account: Who,
    *,
    scope: Annotated[list[Scope], typer.Option(help="what it may be used for; may be given several times")],
    days: Annotated[int, typer.Option(help="for how many days it is in force")],
    label: Annotated[str, typer.Option(help="what it is for")] = "",
) -> None:
    """Issue a token, and print it this once."""
    new = NewToken(label=label, scopes=scope, days=days)
    with writing() as session:
        key, most = find_account(session, account).key, ServiceSettings.read().token_days
        made = issue_token(session, key, new, most_days=most, at=clock.now(), actor=OPERATOR)
    typer.echo(f"token {made.token.key}, until {made.token.expires_at:%Y-%m-%d %H:%M} UTC")
    typer.echo(made.secret)


@token.command("list")
def list_tokens(
    account: Annotated[str | None, typer.Argument(help="login or key; all accounts if left out")] = None,
) -> None:
    """List tokens, the newest first; their secrets are known to nobody."""
    with reading() as session:
        tokens = tokens_of(session, find_account(session, account).key if account else None)
    at = clock.now()
    rows = [
        (
            each.key,
            each.account,
            each.label,
            ",".join(each.scopes),
            f"{each.expires_at:%Y-%m-%d}",
            each.used_on,
            "revoked" if each.revoked_at else "expired" if each.expires_at <= at else "in force",
        )
        for each in tokens
    ]
    print_rows(("key", "account", "label", "scopes", "until", "used on", "state"), rows)


@token.command()
def revoke(key: Annotated[str, typer.Argument(help="key of the token")]) -> None:
    """Let a token not be used any more."""
    with writing() as session:
        revoke_token(session, key, at=clock.now(), actor=OPERATOR)
