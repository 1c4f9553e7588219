"""How operations on logins, sessions, tokens, units and accounts are asked for."""

from collections.abc import Mapping
from typing import Any, Final

from api.identity.operations import Scope
from api.store.keys import new_key
from tests.api.trials.ask import Ask, Asking, Question, simply, with_key
from tests.api.trials.district import HERE, Who

TOKEN: Final = {"label": "test", "scopes": ["read"], "days": 1}


def owner(asked: Question) -> str:
    """Return the account whose session or token is asked about: one's own, or another's."""
    other = Who.OUTSIDER if asked.who != Who.OUTSIDER else Who.LEAD
    people = asked.things.district.people
    return people[asked.who if asked.target.lead == Who.LEAD and asked.who in people else other].account


def with_an_account(*, disabled: bool = False, **options: Any) -> Asking:  # noqa: ANN401 - what the client takes
    """Do something with an account that is made for it."""
    return with_key(lambda asked: asked.things.account(disabled=disabled), **options)


def with_a_unit(said: Mapping[str, str]) -> Asking:
    """Do something with a unit that is made for it."""
    return with_key(lambda asked: asked.things.unit(), json=said)


def merger(asked: Question) -> Ask:
    """Let a unit that is made for it go over to another."""
    key = new_key() if asked.guessed else asked.things.unit()
    return Ask({"key": key}, {"json": {"into": asked.things.district.people[Who.LEAD].unit, "on": "2026-01-01"}})


def anothers_token(asked: Question) -> Ask:
    """Revoke the token of an account that is made for it."""
    account = asked.things.account()
    token = new_key() if asked.guessed else asked.things.token(account, Scope.READ)[0]
    return Ask({"key": account, "token": token})


def new_account(asked: Question) -> Ask:
    """Make an account, each time with another login."""
    unit = asked.things.district.people[Who.OUTSIDER].unit
    new = {"login": new_key(), "name": "made up", "role": "department", "unit": unit, "password": False}
    return Ask(options={"json": new})


ASKINGS: Final[Mapping[str, Asking]] = {
    # Refused to whoever may ask, for want of a password: to compare one takes long, on purpose.
    "POST /api/v1/login": simply(json={"login": "nobody", "password": ""}),
    "POST /api/v1/password": simply(json={"old": "", "new": "correct horse battery"}),
    "DELETE /api/v1/sessions/{key}": with_key(lambda asked: asked.things.session(owner(asked))[0]),
    "POST /api/v1/tokens": simply(json=TOKEN),
    "DELETE /api/v1/tokens/{key}": with_key(lambda asked: asked.things.token(owner(asked), Scope.READ)[0]),
    "GET /api/v1/units/{key}": with_key(lambda asked: asked.things.district.people[Who.LEAD].unit),
    "GET /api/v1/units/{key}/calendar.ics": with_key(lambda asked: asked.things.district.people[Who.LEAD].unit),
    "POST /api/v1/units": lambda _: Ask(options={"json": {"name": new_key(), "jurisdiction": HERE}}),
    "POST /api/v1/units/{key}/names": with_a_unit({"name": "某区新局(虚构)", "since": "2026-01-01"}),
    "POST /api/v1/units/{key}/merger": merger,
    "POST /api/v1/accounts": new_account,
    "GET /api/v1/accounts/{key}": with_an_account(),
    "PATCH /api/v1/accounts/{key}": with_an_account(json={"name": "another"}),
    "POST /api/v1/accounts/{key}/disable": with_an_account(),
    "POST /api/v1/accounts/{key}/enable": with_an_account(disabled=True),
    "POST /api/v1/accounts/{key}/erase": with_an_account(),
    "POST /api/v1/accounts/{key}/password": with_an_account(),
    "POST /api/v1/accounts/{key}/links": with_an_account(json={"issuer": "https://id.example", "subject": "made-up"}),
    "DELETE /api/v1/accounts/{key}/links": with_an_account(),
    "GET /api/v1/accounts/{key}/tokens": with_an_account(),
    "POST /api/v1/accounts/{key}/tokens": with_an_account(json=TOKEN),
    "DELETE /api/v1/accounts/{key}/tokens/{token}": anothers_token,
}
