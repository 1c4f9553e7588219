"""A list is read page by page without a row lost or given twice, and a cursor serves no other list."""

import pytest

from api.identity.roles import Role
from tests.api.serving import Served

RULES = "/api/v1/rules"


def pages(served: Served, limit: int, **query: str) -> list[list[str]]:
    client, found, cursor = served.client(Role.AUDITOR), [], None
    while True:
        asked = {**query, "limit": str(limit), **({"cursor": cursor} if cursor else {})}
        answer = client.get(RULES, params=asked).json()
        found.append([row["id"] for row in answer["items"]])
        cursor = answer["next"]
        if cursor is None:
            return found


def test_pages_hold_every_row_once_in_order(served: Served) -> None:
    ids = [card.id for card in served.service.rulebook.cards]
    found = pages(served, 25)
    assert [row for page in found for row in page] == ids
    assert {len(page) for page in found[:-1]} == {25}


def test_a_page_that_ends_the_list_exactly_has_no_next(served: Served) -> None:
    step = "public_comment"
    count = sum(card.step == step for card in served.service.rulebook.cards)
    assert [len(page) for page in pages(served, count, step=step)] == [count]


def test_an_empty_list_has_no_next(served: Served) -> None:
    assert pages(served, 5, step="nothing") == [[]]


def test_a_page_is_no_longer_than_the_setting_allows(served: Served) -> None:
    assert len(pages(served, 10_000)) == 1
    assert served.client(Role.AUDITOR).get(RULES, params={"limit": 10_001}).status_code == 422


def first_cursor(served: Served) -> str:
    cursor: str = served.client(Role.AUDITOR).get(RULES, params={"limit": 1}).json()["next"]
    return cursor


@pytest.mark.parametrize("cursor", ["x", "%%%", "é", "AAAA" * 20, "W10", "null", "W10" * 300, "-_-_"])
def test_what_is_no_cursor_is_refused(served: Served, cursor: str) -> None:
    answer = served.client(Role.AUDITOR).get(RULES, params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["code"] == "bad_cursor"


def test_a_cursor_that_was_touched_is_refused(served: Served) -> None:
    cursor = first_cursor(served)
    touched = cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:]
    assert served.client(Role.AUDITOR).get(RULES, params={"cursor": touched}).json()["code"] == "bad_cursor"


def test_a_cursor_of_other_filters_is_refused(served: Served) -> None:
    asked = {"cursor": first_cursor(served), "step": "public_comment"}
    assert served.client(Role.AUDITOR).get(RULES, params=asked).json()["code"] == "bad_cursor"


def test_an_empty_cursor_is_none(served: Served) -> None:
    assert served.client(Role.AUDITOR).get(RULES, params={"cursor": "", "limit": 1}).status_code == 200
