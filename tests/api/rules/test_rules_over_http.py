"""The rulebook over HTTP says what the rulebook says."""

import pytest
from fastapi.testclient import TestClient

from api.identity.roles import Role
from engine.cards.card import Card
from engine.vocabulary import Weight
from tests.api.serving import Served


@pytest.fixture
def client(served: Served) -> TestClient:
    return served.client(Role.DEPARTMENT)


def _is_notice_of_the_decree(card: Card) -> bool:
    return card.source.instrument == "decree-713" and card.weight == Weight.NOTICE


@pytest.mark.parametrize(
    ("asked", "test"),
    [
        ({"step": "public_comment"}, lambda card: card.step == "public_comment"),
        ({"gate": "issue"}, lambda card: card.gate == "issue"),
        ({"instrument": "decree-713", "weight": "notice"}, _is_notice_of_the_decree),
        ({"level": "township"}, lambda card: "township" in {*card.binds, *card.by_reference}),
        ({"procedure": "catalogue"}, lambda card: card.procedure == "catalogue"),
        ({"jurisdiction": "CN-31"}, lambda card: card.jurisdiction == "CN-31"),
        ({"confidence": "reported"}, lambda card: card.confidence == "reported"),
    ],
)
def test_filters_pick_cards(served: Served, client: TestClient, asked: dict[str, str], test: object) -> None:
    assert callable(test)
    found = [row["id"] for row in client.get("/api/v1/rules", params={**asked, "limit": "500"}).json()["items"]]
    assert found == [card.id for card in served.service.rulebook.cards if test(card)]


def test_one_card_comes_with_everything(client: TestClient) -> None:
    card = client.get("/api/v1/rules/NR-15b").json()
    assert card["cited_as"]["en"] == "State Council Decree No. 713, Article 15(1)"
    assert card["written"]["duty"]["at_least"] == {"parameter": "comment_days"}
    assert card["written"]["examples"]["violated"]
    assert card["parameter"]["values"][0]["value"] == 30
    assert card["step_title"]["zh"] == "公开征求意见"
    assert "NR-15c" in card["followed_by"]
    assert card["covers"]


def test_coverage_accounts_for_every_row(client: TestClient) -> None:
    report = client.get("/api/v1/rules/coverage").json()
    (decree,) = (one for one in report["items"] if one["instrument"] == "decree-713")
    assert (len(decree["articles"]), decree["rows"], decree["accounted"]) == (44, 90, 90)


def test_procedures_come_with_their_steps_and_the_schema_of_their_records(client: TestClient) -> None:
    names = [row["id"] for row in client.get("/api/v1/procedures").json()["items"]]
    assert "major_decision" in names
    for name in names:
        procedure = client.get(f"/api/v1/procedures/{name}").json()
        assert procedure["steps"]
        assert procedure["record"]["type"] == "object"
    assert client.get("/api/v1/procedures/nothing").status_code == 404


def test_places_say_what_they_lie_within(client: TestClient) -> None:
    places = {place["id"]: place for place in client.get("/api/v1/jurisdictions").json()["items"]}
    assert places["CN-31-MH"]["within"] == ["CN", "CN-31"]


def test_a_rulebook_can_be_named_by_its_digest(served: Served, client: TestClient) -> None:
    digest = served.service.rulebook.digest
    assert client.get("/api/v1/rules/NR-15b", params={"rulebook": digest}).json()["rulebook"] == digest
    assert client.get("/api/v1/rules/NR-15b", params={"rulebook": "0" * 64}).json()["code"] == "unknown_rulebook"


def test_every_role_reads_the_rules(served: Served) -> None:
    for role in Role:
        assert served.client(role).get("/api/v1/rules/NR-15b").status_code == 200
