"""Answers are kept while nothing has happened, and made anew once something has."""

from collections.abc import Iterator
from itertools import count

import pytest

from api.clock import now, today
from api.identity.reach import Reach
from api.identity.roles import Role
from api.store import trail
from api.store.keys import new_key
from api.web.kept import kept
from tests.api.serving import Served


@pytest.fixture
def numbers() -> Iterator[int]:
    return count()


def reach(place: str) -> Reach:
    return Reach(
        role=Role.AUDITOR, jurisdiction=place, today=today(), places=frozenset({place}), named=(), legal_offices=()
    )


def test_an_answer_is_kept_until_something_has_happened(served: Served, numbers: Iterator[int]) -> None:
    service, question = served.service, new_key()

    def ask() -> int:
        return kept(service, reach("CN"), question, lambda: next(numbers))

    assert (ask(), ask()) == (0, 0)
    with service.database.writing() as session:
        trail.append(session, at=now(), actor="test", action="restored", subject="-", content={})
    assert ask() == 1


def test_who_reaches_elsewhere_is_given_no_answer_of_another(served: Served, numbers: Iterator[int]) -> None:
    question = new_key()
    here, there = (kept(served.service, reach(place), question, lambda: next(numbers)) for place in ("CN", "CN-31"))
    assert here != there
