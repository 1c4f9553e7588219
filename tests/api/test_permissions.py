"""Every operation, asked for by everybody, is answered as permissions.txt says; no route is without its lines there.

Where even whether something exists is private, the answer is 404 and never 403.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from api.identity.operations import Scope
from api.identity.roles import ANONYMOUS, may
from tests.api.trials.ask import Question, targets
from tests.api.trials.asks import send
from tests.api.trials.district import POSTS, Who
from tests.api.trials.routes import ROUTES
from tests.api.trials.things import Things

KEY: Final = re.compile(r"\b[a-z2-7]{26}\b")
METHODS: Final = ("GET ", "POST ", "PUT ", "PATCH ", "DELETE ")


class Line(NamedTuple):
    """What everybody is answered who asks for an operation about a thing."""

    route: str
    about: str
    answers: dict[Who, int]


def read_table() -> Iterator[Line]:
    route = ""
    for text in (Path(__file__).parent / "trials" / "permissions.txt").read_text(encoding="utf-8").splitlines():
        if text.startswith(METHODS):
            route = text
        elif route and text:
            about, *answers = text.split()
            yield Line(route, about, dict(zip(Who, map(int, answers), strict=True)))


LINES: Final = tuple(read_table())
PRIVATE: Final = ("/records/{key}", "/findings/{key}", "/waivers/{key}", "/catalogues/{key}")
"""Of what is at these addresses it is private that it exists."""

BESIDE: Final = {Who.DEPARTMENT_ELSEWHERE, Who.LEGAL_ELSEWHERE, Who.GENERAL_ELSEWHERE, Who.AUDITOR_ELSEWHERE}
AROUND: Final = {Who.LEGAL_ABOVE, Who.GENERAL_ABOVE, Who.AUDITOR_ABOVE}
STRANGERS: Final = {
    "ours": {Who.OUTSIDER, Who.DEPARTMENT_ABOVE, Who.ADMIN, *BESIDE},
    "elsewhere": set(Who) - BESIDE - AROUND,
    "anothers": set(Who),
}
"""To whom a thing is private."""

# What does not depend on whose a thing is needs no second database.
OF_SOMEBODY: Final = tuple(line for line in LINES if line.about not in {"-", "one", "guessed"})
TRIALS: Final = [("sqlite", line) for line in LINES] + [("postgresql", line) for line in OF_SOMEBODY]


@pytest.mark.parametrize(
    ("district", "line"),
    TRIALS,
    indirect=["district"],
    scope="session",
    ids=[f"{kind}-{line.route} {line.about}" for kind, line in TRIALS],
)
def test_everybody_is_answered_as_the_table_says(things: Things, line: Line) -> None:
    (operation,) = ROUTES[line.route]
    target, in_session = targets(things)[line.about], operation.scope is None
    answers = {who: send(line.route, Question(things, target, who), in_session=in_session) for who in Who}
    told = {who: answer.text[:200] for who, answer in answers.items() if answer.status_code != line.answers[who]}
    assert {who: answer.status_code for who, answer in answers.items()} == line.answers, told


def test_each_route_declares_one_operation_and_has_its_lines_in_the_table() -> None:
    assert {route: found for route, found in ROUTES.items() if len(found) != 1} == {}
    assert set(ROUTES) == {line.route for line in LINES}
    assert len({(line.route, line.about) for line in LINES}) == len(LINES)


def test_whatever_has_a_key_is_asked_about_by_one_that_was_guessed() -> None:
    with_key = {route for route in ROUTES if "{key}" in route or "/rulebooks/{digest}" in route}
    assert with_key <= {line.route for line in LINES if line.about == "guessed"}


def test_of_what_is_private_strangers_are_told_nothing_but_that_it_is_not_there() -> None:
    guessed = {line.route: line.answers for line in LINES if line.about == "guessed"}
    checked = 0
    for line in LINES:
        if line.about in STRANGERS and line.route in guessed:
            checked += 1
            for who in STRANGERS[line.about]:
                assert line.answers[who] == guessed[line.route][who], (line.route, line.about, who)
    assert checked > 40


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.startswith("GET") and any(address in route for address in PRIVATE)]
)
def test_the_answer_about_a_strangers_thing_is_that_about_nothing_to_the_letter(things: Things, route: str) -> None:
    about = targets(things)
    told: list[str] = []
    for target in (about["elsewhere"], about["guessed"]):
        answer = send(route, Question(things, target, Who.LEAD), in_session=False)
        text = KEY.sub("key", answer.text.replace(answer.headers["x-request-id"], ""))
        told.append(f"{answer.status_code} {text}")
    assert told[0] == told[1]


@pytest.mark.parametrize("district", ["sqlite"], indirect=True)
def test_a_token_without_its_scope_does_nothing(things: Things) -> None:
    """Only what is for people who have logged in has no scope; for that, no token will do."""
    target = targets(things)["-"]
    for route, (operation,) in ROUTES.items():
        if operation not in ANONYMOUS:
            who = next(who for who, post in POSTS.items() if may(post.role, operation))
            scopes = [scope for scope in Scope if scope is not operation.scope]
            _, secret = things.token(things.district.people[who].account, *scopes)
            with things.district.client_with(secret) as client:
                answer = send(route, Question(things, target, who), in_session=False, client=client)
            assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), route
